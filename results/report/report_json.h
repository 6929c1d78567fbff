#pragma once

// How the report's parts write numbers into their JSON.

#include <cmath>
#include <optional>

#include <nlohmann/json.hpp>

#include "results/tables/csv.h"
#include "results/uncertainty/uncertainty.h"

namespace timetrial {

using ReportJson = nlohmann::ordered_json;

// What JSON lacks becomes "nan", "inf", "-inf".
inline ReportJson report_number(double value) {
  return std::isfinite(value) ? ReportJson(value) : ReportJson(exact_number(value));
}

inline ReportJson report_number(const std::optional<double>& value) {
  return value ? report_number(*value) : ReportJson(nullptr);
}

inline ReportJson report_interval(const Interval& interval) {
  return {report_number(interval.low), report_number(interval.high)};
}

}  // namespace timetrial
