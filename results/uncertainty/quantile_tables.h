#pragma once

// Quantiles of the distributions that replicates are drawn from, at the middles of `count` equal slices of
// probability: (i + 1/2) / count. Drawing each slice once, in random order, gives every cell the same exact
// distribution (Latin hypercube sampling; McKay, Beckman, Conover 1979). Pure.

#include <cstddef>
#include <vector>

namespace timetrial {

// Student's t; `degrees` at least 1.
std::vector<double> student_quantiles(double degrees, std::size_t count);

// Of the normal distribution with mean 0 and deviation 1, `probability` strictly between 0 and 1.
double normal_quantile(double probability);
double normal_probability(double value);

// `mass`: unnormalised probabilities of the slices of [0, 1] of equal width; within a slice all values are
// equally likely.
std::vector<double> histogram_quantiles(const std::vector<double>& mass, std::size_t count);

}  // namespace timetrial
