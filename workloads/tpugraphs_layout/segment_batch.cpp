#include "workloads/tpugraphs_layout/segment_batch.h"

#include <algorithm>

#include <ATen/ATen.h>

#include "workloads/data/example_random.h"
#include "workloads/layers/row_groups.h"
#include "workloads/tpugraphs_layout/layout_batch.h"

namespace timetrial {
namespace {

constexpr double kKeepProbability = 0.5;
// Another stream of random numbers than that of the configurations.
constexpr uint64_t kSegmentStream = 0x5e63e275;

void append_rows(const HistoryRows& rows, const ChosenSegment& chosen, int64_t segment,
                 std::vector<int64_t>& all) {
  for (const uint32_t configuration : chosen.configurations)
    all.push_back(rows.row(chosen.program, configuration, segment));
}

}  // namespace

SegmentDraw draw_segment(int64_t segments, uint64_t seed, int64_t epoch, int64_t program) {
  ExampleRandom random(seed ^ kSegmentStream, epoch, program);
  SegmentDraw draw;
  draw.fresh = random.below(static_cast<int>(segments));
  for (int64_t s = 0; s < segments; ++s) draw.kept.push_back(random.uniform() < kKeepProbability);
  return draw;
}

double fresh_weight(int64_t segments) {
  return kKeepProbability + (1 - kKeepProbability) * static_cast<double>(segments);
}

Batch segment_batch(std::span<const MeasuredProgram> programs, const HistoryRows& rows,
                    std::span<const ChosenSegment> batch, size_t first, size_t count) {
  std::vector<ChosenProgram> pieces;
  std::vector<int64_t> fresh_rows, stale_rows, stale_counts, places;
  std::vector<float> stale_weights, fresh_weights;
  for (const ChosenSegment& chosen : batch) append_rows(rows, chosen, chosen.draw.fresh, fresh_rows);
  for (size_t i = first; i < first + count; ++i) {
    const ChosenSegment& chosen = batch[i];
    const auto& segments = programs[chosen.program].segments;
    pieces.push_back({&programs[chosen.program],
                      chosen.configurations,
                      {segments.at(static_cast<size_t>(chosen.draw.fresh))}});
    for (int64_t s = 0; s < std::ssize(segments); ++s) {
      if (s == chosen.draw.fresh) continue;
      append_rows(rows, chosen, s, stale_rows);
      stale_weights.push_back(chosen.draw.kept.at(static_cast<size_t>(s)) ? 1.0F : 0.0F);
    }
    stale_counts.push_back(std::ssize(segments) - 1);
    fresh_weights.push_back(static_cast<float>(fresh_weight(std::ssize(segments))));
    places.push_back(static_cast<int64_t>(i));
  }
  const int64_t each = batch.empty() ? 0 : std::ssize(batch.front().configurations);
  Batch result = layout_batch(pieces);
  result.tensors["fresh_weights"] = at::tensor(fresh_weights, at::kFloat).unsqueeze(1);
  result.tensors["stale_rows"] = at::tensor(stale_rows, at::kLong).view({std::ssize(stale_weights), each});
  result.tensors["stale_weights"] = at::tensor(stale_weights, at::kFloat).unsqueeze(1);
  result.tensors["stale_program"] = at::tensor(group_of_each(stale_counts), at::kLong);
  result.tensors["stale_offsets"] = at::tensor(offsets_of(stale_counts), at::kLong);
  result.tensors["fresh_rows"] = at::tensor(fresh_rows, at::kLong).view({std::ssize(batch), each});
  result.tensors["own_places"] = at::tensor(places, at::kLong);
  return result;
}

}  // namespace timetrial
