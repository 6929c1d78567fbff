#pragma once

// Which sentence pairs share a row of a training batch.

#include <cstdint>
#include <span>
#include <vector>

#include "workloads/wmt/tokenized_pairs.h"

namespace timetrial {

// What packing counts as the length of a sentence: its tokens that are not 0.
int64_t packed_length(std::span<const uint16_t> sentence);

// Rows from left to right: a pair joins the open row when its source and its target both still fit into
// `row_length` tokens, else opens the next one.
std::vector<std::vector<uint32_t>> pack_rows(const TokenizedPairs& pairs, std::span<const uint32_t> order,
                                             int64_t row_length);

// An endless stream of packed rows of pairs.longest() tokens. Every epoch is a permutation of its own, drawn
// from (seed, epoch); the epochs, one after the other, are cut into groups of pairs.longest() pairs, and rows
// are packed within a group.
class PackedRowStream {
 public:
  // Throws UserError for a batch size below 1 or when there are no pairs. The pairs must outlive this.
  PackedRowStream(const TokenizedPairs& pairs, int64_t batch_size, uint64_t seed);

  // The pairs of each of the next `batch_size` rows.
  std::vector<std::vector<uint32_t>> next();

  // {epoch and pair within it that the group starts with, rows of the group already used}. seek() throws
  // UserError for anything position() never returns.
  std::vector<int64_t> position() const { return {group_epoch_, group_place_, row_}; }
  void seek(const std::vector<int64_t>& position);

 private:
  void start_group();
  void load_epoch(int64_t epoch);

  const TokenizedPairs& pairs_;
  int64_t batch_size_;
  uint64_t seed_;
  int64_t loaded_epoch_ = -1;
  std::vector<uint32_t> order_;    // of the loaded epoch
  int64_t epoch_ = 0, place_ = 0;  // where the next group starts
  int64_t group_epoch_ = 0, group_place_ = 0, row_ = 0;
  std::vector<std::vector<uint32_t>> rows_;  // of the group
};

}  // namespace timetrial
