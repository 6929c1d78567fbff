#pragma once

// Strict reading of one JSON object: every field is asked for by name, and what is left over is an error, so
// that a misspelled field never passes unnoticed. NaN and infinities are written as strings, which JSON
// lacks.

#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "harness/errors/user_error.h"

namespace timetrial {

inline nlohmann::json number_to_json(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return value;
}

inline nlohmann::json optional_number_to_json(const std::optional<double>& value) {
  return value ? number_to_json(*value) : nlohmann::json();
}

inline bool number_from_json(const nlohmann::json& json, double& value) {
  if (json.is_number()) {
    value = json.get<double>();
    return true;
  }
  if (json == "nan")
    value = std::numeric_limits<double>::quiet_NaN();
  else if (json == "inf")
    value = std::numeric_limits<double>::infinity();
  else if (json == "-inf")
    value = -std::numeric_limits<double>::infinity();
  else
    return false;
  return true;
}

class JsonFields {
 public:
  JsonFields(const nlohmann::json& object, std::string where) : object_(object), where_(std::move(where)) {
    if (!object_.is_object()) throw UserError({"a JSON object is expected", where_, object_.dump(), kCure});
  }

  bool has(const std::string& name) const { return object_.contains(name); }

  double number(const std::string& name) {
    const nlohmann::json& field = require(name);
    double value = 0;
    if (!number_from_json(field, value)) wrong_type(name, "a number");
    return value;
  }

  // null stands for none
  std::optional<double> optional_number(const std::string& name) {
    if (require(name).is_null()) return std::nullopt;
    return number(name);
  }

  int64_t integer(const std::string& name) {
    const nlohmann::json& field = require(name);
    if (!field.is_number_integer()) wrong_type(name, "an integer");
    return field.get<int64_t>();
  }

  uint64_t unsigned_integer(const std::string& name) {
    const nlohmann::json& field = require(name);
    if (!field.is_number_unsigned()) wrong_type(name, "an unsigned integer");
    return field.get<uint64_t>();
  }

  bool flag(const std::string& name) {
    const nlohmann::json& field = require(name);
    if (!field.is_boolean()) wrong_type(name, "true or false");
    return field.get<bool>();
  }

  std::string text(const std::string& name) {
    const nlohmann::json& field = require(name);
    if (!field.is_string()) wrong_type(name, "a string");
    return field.get<std::string>();
  }

  const nlohmann::json& object(const std::string& name) {
    const nlohmann::json& field = require(name);
    if (!field.is_object()) wrong_type(name, "an object");
    return field;
  }

  const nlohmann::json& array(const std::string& name) {
    const nlohmann::json& field = require(name);
    if (!field.is_array()) wrong_type(name, "an array");
    return field;
  }

  // To be called last.
  void finish() const {
    for (const auto& [name, value] : object_.items()) {
      if (seen_.count(name) == 0) {
        throw UserError(
            {"unknown field \"" + name + "\"", where_, value.dump(), "remove it or correct its spelling"});
      }
    }
  }

 private:
  static constexpr const char* kCure =
      "put the file back as timetrial wrote it, or remove the trial's folder to run it anew";

  const nlohmann::json& require(const std::string& name) {
    const auto found = object_.find(name);
    if (found == object_.end()) throw UserError({"field \"" + name + "\" is missing", where_, "", kCure});
    seen_.insert(name);
    return *found;
  }

  [[noreturn]] void wrong_type(const std::string& name, const std::string& expected) const {
    throw UserError({"field \"" + name + "\" must be " + expected, where_, object_.at(name).dump(), kCure});
  }

  const nlohmann::json& object_;
  std::string where_;
  std::set<std::string> seen_;
};

}  // namespace timetrial
