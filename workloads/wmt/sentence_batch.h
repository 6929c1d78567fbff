#pragma once

// Sentence pairs as batches, all tensors int64 [rows, length], 0 where there is no token:
//   "inputs", "targets"     tokens; "weights" 1 where the target is not 0, else 0
// and of packed rows
//   "inputs_position", "targets_position"           counted within each sentence
//   "inputs_segmentation", "targets_segmentation"   1, 2 … for the sentences of a row, 0 where the token is 0

#include <memory>

#include "workloads/data/batch_source.h"
#include "workloads/wmt/sentence_packing.h"

namespace timetrial {

// Rows of pairs.longest() tokens.
Batch packed_batch(const TokenizedPairs& pairs, const std::vector<std::vector<uint32_t>>& rows);

// One pair a row, as long as the longest needs.
Batch padded_batch(const TokenizedPairs& pairs, std::span<const uint32_t> chosen);

// Packed training batches, of which every rank makes its share. Position: PackedRowStream::position().
class SentenceSource : public BatchSource {
 public:
  SentenceSource(std::shared_ptr<const TokenizedPairs> pairs, int64_t batch_size, uint64_t seed)
      : pairs_(std::move(pairs)), rows_(*pairs_, batch_size, seed) {}

  Task next_task() override;
  DataPosition position() const override { return rows_.position(); }
  void seek(const DataPosition& position) override { rows_.seek(position); }

 private:
  std::shared_ptr<const TokenizedPairs> pairs_;
  PackedRowStream rows_;
};

}  // namespace timetrial
