#include "harness/journal/hyperparameter_json.h"

#include <nlohmann/json.hpp>

#include "harness/errors/user_error.h"

namespace timetrial {

using nlohmann::json;

json hyperparameters_to_json(const HyperparameterMap& hyperparameters) {
  json object = json::object();
  for (const auto& [name, value] : hyperparameters) {
    std::visit([&, &key = name](const auto& held) { object[key] = held; }, value);
  }
  return object;
}

HyperparameterMap hyperparameters_from_json(const json& object, const std::string& where) {
  if (!object.is_object()) {
    throw UserError({"hyperparameters must be a JSON object of names and values", where, object.dump(),
                     R"(write {"name": value, ...})"});
  }
  HyperparameterMap hyperparameters;
  for (const auto& [name, value] : object.items()) {
    if (value.is_boolean())
      hyperparameters[name] = value.get<bool>();
    else if (value.is_number())
      hyperparameters[name] = value.get<double>();
    else if (value.is_string())
      hyperparameters[name] = value.get<std::string>();
    else
      throw UserError({"hyperparameter \"" + name + "\" must be a number, a string, true or false", where,
                       value.dump(), "correct the search space"});
  }
  return hyperparameters;
}

}  // namespace timetrial
