#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace timetrial {

// A list of numbers for each of `size()` rows, all in one piece of memory.
class NodeLists {
 public:
  uint32_t size() const { return static_cast<uint32_t>(offsets_.size()) - 1; }
  std::span<const uint32_t> operator[](uint32_t row) const {
    return {values_.data() + offsets_[row], values_.data() + offsets_[row + 1]};
  }

  // Filling row after row: values of the open row, then its end. Keeps the memory it has.
  void clear() {
    offsets_.assign(1, 0);
    values_.clear();
  }
  void add(uint32_t value) { values_.push_back(value); }
  void end_row() { offsets_.push_back(static_cast<uint32_t>(values_.size())); }

  // The other direction: row v of the result, of `rows` many, lists the rows of `lists` that hold v, in
  // order.
  void assign_inverse(const NodeLists& lists, uint32_t rows) {
    offsets_.assign(rows + size_t{1}, 0);
    for (const uint32_t value : lists.values_) ++offsets_[value + 1];
    for (uint32_t row = 0; row < rows; ++row) offsets_[row + 1] += offsets_[row];
    values_.resize(lists.values_.size());
    next_.assign(offsets_.begin(), offsets_.end() - 1);
    for (uint32_t row = 0; row < lists.size(); ++row)
      for (const uint32_t value : lists[row]) values_[next_[value]++] = row;
  }

 private:
  std::vector<uint32_t> offsets_ = {0};
  std::vector<uint32_t> values_;
  std::vector<uint32_t> next_;  // while the other direction is filled
};

}  // namespace timetrial
