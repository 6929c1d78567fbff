#pragma once

// Which evaluations of a long trial a chart shows.

#include <cstddef>
#include <vector>

#include "results/scoring/measurement.h"

namespace timetrial {

// The validation metric of each evaluation; NaN where it has none.
std::vector<double> validation_values(const TrialResult& trial);

// Evaluations to draw, ascending: all of them when there are at most `most`, else about `most`, evenly
// spread, and in any case the first, the last, the best and the first that reaches the target.
std::vector<std::size_t> drawn_evaluations(const TrialResult& trial, std::size_t most);

// To 6 significant digits, which is more than a screen shows.
double rounded_for_drawing(double value);

}  // namespace timetrial
