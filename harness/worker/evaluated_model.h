#pragma once

// What an evaluation needs of a model, and tells of it.

#include <map>
#include <string>
#include <vector>

#include "workloads/workload.h"

namespace timetrial {

// Parameters, then buffers, in the model's order.
std::vector<at::Tensor> tensors_of_model(Workload& workload);

// All three splits: "train/<metric>", "validation/<metric>", "test/<metric>".
std::map<std::string, double> evaluate_all_splits(Workload& workload);

// Name of the first parameter that holds a NaN or an infinity; empty when all are finite. Waits for the
// device.
std::string first_non_finite_parameter(const ParameterList& parameters);

// SHA-256 over the values in order.
std::string hash_of_parameters(const ParameterList& parameters);

}  // namespace timetrial
