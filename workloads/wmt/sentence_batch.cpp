#include "workloads/wmt/sentence_batch.h"

#include <algorithm>

#include <ATen/ATen.h>

#include "workloads/data/share.h"

namespace timetrial {
namespace {

using Sentence = std::span<const uint16_t>;

at::Tensor zeros(int64_t rows, int64_t length) {
  return at::zeros({rows, length}, at::kLong);
}

// Tokens, positions and segments of one side of a packed batch.
struct PackedSide {
  PackedSide(int64_t rows, int64_t row_length)
      : length(row_length),
        tokens(zeros(rows, row_length)),
        positions(zeros(rows, row_length)),
        segments(zeros(rows, row_length)) {}

  // Writes the sentence from `place` on and returns where the next one starts. Only as many tokens as are not
  // 0 have room: a 0 within a sentence costs it its last token, as in the reference.
  int64_t write(int64_t row, int64_t place, int64_t segment, Sentence sentence) const {
    const int64_t count = packed_length(sentence);
    for (int64_t i = 0; i < count; ++i) {
      const int64_t at = row * length + place + i;
      const int64_t token = sentence[static_cast<size_t>(i)];
      tokens.data_ptr<int64_t>()[at] = token;
      positions.data_ptr<int64_t>()[at] = i;
      segments.data_ptr<int64_t>()[at] = token == 0 ? 0 : segment;
    }
    return place + count;
  }

  int64_t length;
  at::Tensor tokens, positions, segments;
};

void add_weights(Batch& batch) {
  batch.tensors["weights"] = batch.at("targets").gt(0).to(at::kLong);
}

int64_t size_of(Sentence sentence) {
  return static_cast<int64_t>(sentence.size());
}

}  // namespace

Batch packed_batch(const TokenizedPairs& pairs, const std::vector<std::vector<uint32_t>>& rows) {
  Batch batch;
  batch.examples = static_cast<int64_t>(rows.size());
  const PackedSide sources(batch.examples, pairs.longest());
  const PackedSide targets(batch.examples, pairs.longest());
  for (int64_t row = 0; row < batch.examples; ++row) {
    int64_t source = 0, target = 0, segment = 0;
    for (const uint32_t pair : rows[static_cast<size_t>(row)]) {
      ++segment;
      source = sources.write(row, source, segment, pairs.source(pair));
      target = targets.write(row, target, segment, pairs.target(pair));
    }
  }
  batch.tensors = {{"inputs", sources.tokens},
                   {"inputs_position", sources.positions},
                   {"inputs_segmentation", sources.segments},
                   {"targets", targets.tokens},
                   {"targets_position", targets.positions},
                   {"targets_segmentation", targets.segments}};
  add_weights(batch);
  return batch;
}

Batch padded_batch(const TokenizedPairs& pairs, std::span<const uint32_t> chosen) {
  int64_t source_length = 1, target_length = 1;
  for (const uint32_t pair : chosen) {
    source_length = std::max(source_length, size_of(pairs.source(pair)));
    target_length = std::max(target_length, size_of(pairs.target(pair)));
  }
  Batch batch;
  batch.examples = static_cast<int64_t>(chosen.size());
  const at::Tensor sources = zeros(batch.examples, source_length);
  const at::Tensor targets = zeros(batch.examples, target_length);
  for (int64_t row = 0; row < batch.examples; ++row) {
    const uint32_t pair = chosen[static_cast<size_t>(row)];
    std::ranges::copy(pairs.source(pair), sources.data_ptr<int64_t>() + row * source_length);
    std::ranges::copy(pairs.target(pair), targets.data_ptr<int64_t>() + row * target_length);
  }
  batch.tensors = {{"inputs", sources}, {"targets", targets}};
  add_weights(batch);
  return batch;
}

BatchSource::Task SentenceSource::next_task() {
  return [this, rows = rows_.next()] {
    const Share share = own_share(std::ssize(rows));
    return packed_batch(*pairs_, {rows.begin() + share.begin, rows.begin() + share.end});
  };
}

}  // namespace timetrial
