#include "workloads/layers/row_groups.h"

#include <iterator>
#include <numeric>

namespace timetrial {

std::vector<int64_t> offsets_of(const std::vector<int64_t>& counts) {
  std::vector<int64_t> offsets = {0};
  std::partial_sum(counts.begin(), counts.end(), std::back_inserter(offsets));
  return offsets;
}

std::vector<int64_t> group_offsets(const std::vector<int64_t>& keys, int64_t groups) {
  std::vector<int64_t> counts(static_cast<size_t>(groups));
  for (const int64_t key : keys) ++counts[static_cast<size_t>(key)];
  return offsets_of(counts);
}

std::vector<int64_t> places_by_group(const std::vector<int64_t>& keys, const std::vector<int64_t>& offsets) {
  std::vector<int64_t> next(offsets.begin(), offsets.end() - 1);
  std::vector<int64_t> order(keys.size());
  for (size_t i = 0; i < keys.size(); ++i)
    order[static_cast<size_t>(next[static_cast<size_t>(keys[i])]++)] = static_cast<int64_t>(i);
  return order;
}

std::vector<int64_t> group_of_each(const std::vector<int64_t>& counts) {
  std::vector<int64_t> groups;
  for (size_t g = 0; g < counts.size(); ++g)
    groups.insert(groups.end(), static_cast<size_t>(counts[g]), static_cast<int64_t>(g));
  return groups;
}

}  // namespace timetrial
