#include "workloads/wmt/sentence_packing.h"

#include <algorithm>
#include <string>

#include "harness/errors/user_error.h"
#include "workloads/data/seeded_order.h"

namespace timetrial {

int64_t packed_length(std::span<const uint16_t> sentence) {
  return static_cast<int64_t>(sentence.size()) - std::ranges::count(sentence, 0);
}

std::vector<std::vector<uint32_t>> pack_rows(const TokenizedPairs& pairs, std::span<const uint32_t> order,
                                             int64_t row_length) {
  std::vector<std::vector<uint32_t>> rows;
  int64_t sources = 0;
  int64_t targets = 0;
  for (const uint32_t pair : order) {
    const int64_t source = packed_length(pairs.source(pair));
    const int64_t target = packed_length(pairs.target(pair));
    if (rows.empty() || sources + source > row_length || targets + target > row_length) {
      rows.emplace_back();
      sources = targets = 0;
    }
    rows.back().push_back(pair);
    sources += source;
    targets += target;
  }
  return rows;
}

PackedRowStream::PackedRowStream(const TokenizedPairs& pairs, int64_t batch_size, uint64_t seed)
    : pairs_(pairs), batch_size_(batch_size), seed_(seed) {
  if (batch_size < 1) {
    throw UserError({"the batch size must be at least 1", "", std::to_string(batch_size),
                     "let the submission ask for another batch size"});
  }
  if (pairs.count() == 0) {
    throw UserError({"there are no sentence pairs to train on", "", "", "run `timetrial prepare wmt` again"});
  }
  start_group();
}

void PackedRowStream::load_epoch(int64_t epoch) {
  if (loaded_epoch_ == epoch) return;
  order_ = seeded_order(pairs_.count(), seed_, epoch);
  loaded_epoch_ = epoch;
}

void PackedRowStream::start_group() {
  group_epoch_ = epoch_;
  group_place_ = place_;
  row_ = 0;
  std::vector<uint32_t> group;
  for (int64_t i = 0; i < pairs_.longest(); ++i) {
    load_epoch(epoch_);
    group.push_back(order_[static_cast<size_t>(place_++)]);
    if (place_ < pairs_.count()) continue;
    ++epoch_;
    place_ = 0;
  }
  rows_ = pack_rows(pairs_, group, pairs_.longest());
}

std::vector<std::vector<uint32_t>> PackedRowStream::next() {
  std::vector<std::vector<uint32_t>> batch;
  while (static_cast<int64_t>(batch.size()) < batch_size_) {
    if (row_ == static_cast<int64_t>(rows_.size())) start_group();
    batch.push_back(rows_[static_cast<size_t>(row_++)]);
  }
  return batch;
}

void PackedRowStream::seek(const std::vector<int64_t>& position) {
  const bool possible =
      position.size() == 3 && position[0] >= 0 && position[1] >= 0 && position[1] < pairs_.count();
  if (possible) {
    epoch_ = position[0];
    place_ = position[1];
    start_group();
  }
  if (!possible || position[2] < 0 || position[2] > static_cast<int64_t>(rows_.size())) {
    throw UserError({"the position in the training data does not fit this data set", "checkpoint", "",
                     "resume with the data set the trial was started with, or start the trial anew"});
  }
  row_ = position[2];
}

}  // namespace timetrial
