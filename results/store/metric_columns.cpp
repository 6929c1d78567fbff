#include "results/store/metric_columns.h"

#include <nlohmann/json.hpp>

#include "harness/journal/json_fields.h"
#include "results/scoring/special_values.h"

namespace timetrial {

namespace {

// "validation/loss" of split "validation/" and metric "loss".
bool is_metric_of(std::string_view name, std::string_view split, std::string_view metric) {
  return name.size() == split.size() + metric.size() && name.starts_with(split) && name.ends_with(metric);
}

}  // namespace

MetricColumns metric_columns(const std::map<std::string, double>& metrics, const std::string& metric) {
  MetricColumns columns{kNan, kNan, std::nullopt, 0};
  nlohmann::json others;
  for (const auto& [name, value] : metrics) {
    if (is_metric_of(name, "validation/", metric)) {
      columns.validation = value;
      columns.measured |= MetricColumns::kValidation;
    } else if (is_metric_of(name, "test/", metric)) {
      columns.test = value;
      columns.measured |= MetricColumns::kTest;
    } else {
      others[name] = number_to_json(value);
    }
  }
  if (!others.is_null())
    columns.others = others.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return columns;
}

std::map<std::string, double> metrics_from(const MetricColumns& columns, const std::string& metric) {
  std::map<std::string, double> metrics;
  if ((columns.measured & MetricColumns::kValidation) != 0)
    metrics["validation/" + metric] = columns.validation;
  if ((columns.measured & MetricColumns::kTest) != 0) metrics["test/" + metric] = columns.test;
  if (columns.others) {
    const nlohmann::json others = nlohmann::json::parse(*columns.others);
    for (const auto& [name, value] : others.items()) {
      metrics[name] = kNan;
      number_from_json(value, metrics[name]);
    }
  }
  return metrics;
}

}  // namespace timetrial
