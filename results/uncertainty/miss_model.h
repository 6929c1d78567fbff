#pragma once

// The chance that a study misses its target, pooled over all cells of a table: each cell has a chance of its
// own, drawn from one Beta distribution (the beta-binomial model; Skellam 1948). As with the spread, the two
// numbers of that distribution are averaged over a grid, weighted by their likelihood. Pure.

#include <cstddef>
#include <vector>

namespace timetrial {

struct CellMisses {
  std::size_t studies = 0;
  std::size_t misses = 0;
};

class MissModel {
 public:
  explicit MissModel(const std::vector<CellMisses>& cells);

  // Quantiles (see quantile_tables.h) of the chance of a miss in a cell with these counts.
  std::vector<double> quantiles(const CellMisses& cell, std::size_t count) const;

 private:
  std::vector<double> prior_;  // mass of equal slices of [0, 1]
};

}  // namespace timetrial
