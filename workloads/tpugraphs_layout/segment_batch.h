#pragma once

// A batch of Graph Segment Training (arXiv 2305.12322): of every program one segment, which is computed and
// gets gradients; the others count by what the table (segment_history.h) says of them.
//
// The tensors of layout_batch.h, with one piece a program, and (B programs of the whole batch, of which G are
// this rank's; R segments that are not computed; int64 but for what is said to be other):
//   "fresh_weights" [G, 1] float32  what the computed segment's score is multiplied by
//   "stale_rows"    [R, C]          rows of the table      "stale_weights" [R, 1] float32  1, or 0: dropped
//   "stale_program" [R], "stale_offsets" [G + 1]           which program they belong to, rising
//   "fresh_rows"    [B, C]          where the computed scores go    "own_places" [G]  which of them are these

#include <cstdint>
#include <span>
#include <vector>

#include "timetrial/batch.h"
#include "workloads/tpugraphs_layout/history_rows.h"
#include "workloads/tpugraphs_layout/layout_file.h"

namespace timetrial {

// Of one program in one step.
struct SegmentDraw {
  int64_t fresh = 0;       // the segment that is computed
  std::vector<bool> kept;  // of each segment whether the table's entry counts; that of `fresh` means nothing
};

// The segment is drawn uniformly; an entry is kept with probability 1/2, the same for all configurations of a
// program: differences between configurations are what is learned. From (seed, epoch, program) alone.
SegmentDraw draw_segment(int64_t segments, uint64_t seed, int64_t epoch, int64_t program);

// With p the probability that an entry is kept, p + (1 - p) J of J segments: then the estimated score is
// that of all segments on average over the draws, where the table is up to date.
double fresh_weight(int64_t segments);

struct ChosenSegment {
  size_t program = 0;
  std::vector<uint32_t> configurations;  // as many of every program
  SegmentDraw draw;
};

// Programs [first, first + count) of the batch are this rank's share.
Batch segment_batch(std::span<const MeasuredProgram> programs, const HistoryRows& rows,
                    std::span<const ChosenSegment> batch, size_t first, size_t count);

}  // namespace timetrial
