#pragma once

// Tables of times to target that the studies do not rule out, drawn from the confidence distribution of every
// cell. The model: results/uncertainty/README.md. Pure and seeded.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "results/uncertainty/miss_model.h"
#include "results/uncertainty/spread_model.h"

namespace timetrial {

// The studies of one submission on one workload, as the model sees them.
struct CellEvidence {
  double reported = 0;  // the median; infinity = missed, NaN = no data
  double centre = 0;    // log time: of the reported median, or of the finite studies where that is infinite
  CellSpread spread;
  CellMisses misses;

  std::size_t hits() const { return misses.studies - misses.misses; }
};

// `study_times`: infinity = missed; may be empty. `reported`: their median, NaN without data.
CellEvidence evidence_of(const std::vector<double>& study_times, double reported);

struct TimeReplicates {
  std::size_t count = 0;
  std::vector<double> times;  // cell by cell, `count` each
};

// Empty when no cell has two finite study times.
std::optional<TimeReplicates> draw_replicates(const std::vector<CellEvidence>& cells, std::size_t count,
                                              uint64_t seed);

}  // namespace timetrial
