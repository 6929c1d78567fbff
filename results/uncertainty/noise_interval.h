#pragma once

// Intervals from draws, which are given in ascending order and may end with infinities. Pure.

#include <vector>

#include "results/uncertainty/uncertainty.h"

namespace timetrial {

// The value below which a share of `sorted` lies, linear between the middles of the values' shares.
// `sorted` must not be empty.
double quantile_of(const std::vector<double>& sorted, double share);

// The middle `level` of the draws, widened to contain `estimate`.
Interval percentile_interval(const std::vector<double>& sorted, double estimate, double level);

// The same for a quantity in 0 … 1 that noise in the times biases: `bias` is what the draws' noise adds to
// its mean. The data hold that noise once and the draws twice, so both ends move back by twice the bias; the
// end that lies against the bias moves by once more, because data scattered by noise show too small a bias.
Interval unbiased_interval(const std::vector<double>& sorted, double estimate, double bias, double level);

}  // namespace timetrial
