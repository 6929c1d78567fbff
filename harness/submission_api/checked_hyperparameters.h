#pragma once

// Hyperparameters with the range in which they make sense. A value outside of it, or one that is not finite,
// throws UserError with name, range and value. `fallback` is used when the point leaves the name out; without
// a fallback the name is required.

#include <optional>
#include <string>

#include "timetrial/hyperparameters.h"

namespace timetrial {

// At least 0: rates, weight decay, epsilon, norms.
double not_negative(const Hyperparameters& hyperparameters, const std::string& name,
                    std::optional<double> fallback = {});

// In [0, 1]: label smoothing, shares of the training.
double fraction(const Hyperparameters& hyperparameters, const std::string& name,
                std::optional<double> fallback = {});

// In [0, 1): the decay of a moving average. At 1 it would never take up a gradient.
double decay_rate(const Hyperparameters& hyperparameters, const std::string& name,
                  std::optional<double> fallback = {});

// 1 - value, for a decay rate searched by its complement ("one_minus_beta1"): the value is in (0, 1].
double decay_rate_from_complement(const Hyperparameters& hyperparameters, const std::string& name,
                                  std::optional<double> fallback = {});

// For a range that none of the above has: throws "hyperparameter '<name>' is not <range>" unless `in_range`.
void require_hyperparameter(bool in_range, const std::string& name, double value, const char* range);

}  // namespace timetrial
