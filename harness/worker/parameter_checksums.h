#pragma once

#include <ATen/core/Tensor.h>

#include "timetrial/parameter.h"

namespace timetrial {

// One number a parameter, int64 on the CPU: the sum of its bits, read as integers, each weighed by its place
// so that exchanged values are told apart. Equal for equal bits, on any device; cheap beside a hash. Waits
// for the device.
at::Tensor parameter_checksums(const ParameterList& parameters);

}  // namespace timetrial
