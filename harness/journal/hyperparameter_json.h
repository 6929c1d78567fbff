#pragma once

// The point of a search space as a JSON object: every value a number, true, false or a string.

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "harness/journal/trial_spec.h"

namespace timetrial {

nlohmann::json hyperparameters_to_json(const HyperparameterMap& hyperparameters);

// Throws UserError naming the hyperparameter that holds anything else. `where`: the file, for messages.
HyperparameterMap hyperparameters_from_json(const nlohmann::json& object, const std::string& where);

}  // namespace timetrial
