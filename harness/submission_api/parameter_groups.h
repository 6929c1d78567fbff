#pragma once

// Which parameters an algorithm treats apart. Weight decay on scales of norms and on biases, which no product
// with data can compensate, is left out by many; AlgoPerf's reference algorithms decay everything.

#include <vector>

#include "timetrial/parameter.h"

namespace timetrial {

bool is_norm_or_bias(ParameterKind kind);

// The group (step_scalars.h) of each parameter: kUndecayed for norms and biases unless they are decayed too.
std::vector<int> parameter_groups(const ParameterList& parameters, bool decay_norms_and_biases);

}  // namespace timetrial
