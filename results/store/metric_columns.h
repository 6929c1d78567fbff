#pragma once

// How the metrics of an evaluation lie in its row: the two of the metric that has the target in columns of
// their own, the others together as JSON.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace timetrial {

struct MetricColumns {
  static constexpr int64_t kValidation = 1;
  static constexpr int64_t kTest = 2;

  double validation = 0;
  double test = 0;
  std::optional<std::string> others;
  int64_t measured = 0;  // kValidation | kTest: a value that is NaN was measured, an absent one was not
};

// `metric`: the one with the target, "loss".
MetricColumns metric_columns(const std::map<std::string, double>& metrics, const std::string& metric);
std::map<std::string, double> metrics_from(const MetricColumns& columns, const std::string& metric);

}  // namespace timetrial
