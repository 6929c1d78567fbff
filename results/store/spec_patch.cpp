#include "results/store/spec_patch.h"

#include <nlohmann/json.hpp>

namespace timetrial {

namespace {

using nlohmann::json;

json patch_between(const json& base, const json& wanted) {
  json patch = json::object();
  for (const auto& [key, value] : base.items()) {
    if (!wanted.contains(key)) patch[key] = nullptr;
  }
  for (const auto& [key, value] : wanted.items()) {
    if (!base.contains(key)) {
      patch[key] = value;
    } else if (value.is_object() && base.at(key).is_object()) {
      json inner = patch_between(base.at(key), value);
      if (!inner.empty()) patch[key] = std::move(inner);
    } else if (value != base.at(key)) {
      patch[key] = value;
    }
  }
  return patch;
}

}  // namespace

std::string spec_patch(const std::string& base, const std::string& wanted) {
  return patch_between(json::parse(base), json::parse(wanted)).dump();
}

}  // namespace timetrial
