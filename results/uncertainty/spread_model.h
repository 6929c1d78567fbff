#pragma once

// The spread of log study times, pooled over all cells of a table: each cell (submission x workload) has a
// variance of its own, drawn from one scaled inverse chi-square distribution (Smyth 2004, "Linear models and
// empirical Bayes methods", section 3). The two numbers of that distribution are not plugged in but averaged
// over a grid, weighted by their likelihood. Pure.

#include <cstddef>
#include <vector>

namespace timetrial {

struct CellSpread {
  double variance = 0;  // of the finite log study times, over degrees
  double degrees = 0;   // their number less one; 0: the cell says nothing
};

struct SpreadPrior {
  double variance = 0;
  double degrees = 0;
  double weight = 0;  // the weights of all priors add up to 1
};

// Empty when no cell has a degree of freedom. All variances zero: one prior of variance zero.
std::vector<SpreadPrior> fit_spread(const std::vector<CellSpread>& cells);

// The cell's variance after learning from the others; it has prior.degrees + cell.degrees degrees of freedom.
double pooled_variance(const SpreadPrior& prior, const CellSpread& cell);

// Standard deviation of the median of `count` standard normal values (of an even count: of the mean of the
// two middle ones).
double median_deviation(std::size_t count);

}  // namespace timetrial
