#pragma once

// Numbers as our JSON has them: what JSON lacks becomes "nan", "inf", "-inf"; what is not known, null.

#include <cmath>
#include <optional>

#include <nlohmann/json.hpp>

#include "results/tables/csv.h"
#include "results/uncertainty/uncertainty.h"

namespace timetrial {

inline nlohmann::ordered_json number_json(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(exact_number(value));
}

inline nlohmann::ordered_json number_json(const Interval& interval) {
  return {number_json(interval.low), number_json(interval.high)};
}

template <typename Value>
nlohmann::ordered_json number_json(const std::optional<Value>& value) {
  return value ? number_json(*value) : nlohmann::ordered_json(nullptr);
}

}  // namespace timetrial
