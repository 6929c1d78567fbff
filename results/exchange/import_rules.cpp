#include "results/exchange/import_rules.h"

#include <algorithm>
#include <array>

namespace timetrial {

std::string names_of(const std::vector<ImportRules>& candidates) {
  std::string names;
  for (const ImportRules& rules : candidates) names += (names.empty() ? "" : ", ") + rules.ruleset;
  return names;
}

ImportedWorkloadRules unknown_workload(const std::string& full_name, const ImportRules& rules) {
  ImportedWorkloadRules split;
  split.workload = full_name;
  std::size_t longest = 0;
  for (const auto& [name, known] : rules.workloads) {
    const std::string& base = known.workload;
    if (base.size() <= longest || !full_name.starts_with(base + "_")) continue;
    longest = base.size();
    split.workload = base;
    split.variant = full_name.substr(base.size() + 1);
  }
  return split;
}

std::optional<MetricGoal> goal_of_metric(const std::string& metric) {
  constexpr std::array<std::string_view, 4> kMaximize = {"mean_average_precision", "ssim", "accuracy",
                                                         "bleu"};
  constexpr std::array<std::string_view, 4> kMinimize = {"loss", "error_rate", "wer", "ppl"};
  const auto holds = [&](std::string_view part) { return metric.find(part) != std::string::npos; };
  if (std::any_of(kMinimize.begin(), kMinimize.end(), holds)) return MetricGoal::minimize;
  if (std::any_of(kMaximize.begin(), kMaximize.end(), holds)) return MetricGoal::maximize;
  return std::nullopt;
}

TrialSpec imported_spec(const std::string& submission, const ImportedWorkloadRules& workload,
                        const ImportRules& rules) {
  TrialSpec spec;
  spec.submission = submission;
  spec.workload = workload.workload;
  spec.variant = workload.variant;
  spec.tier = rules.tier;
  spec.ruleset = rules.ruleset;
  spec.ruleset_version = rules.ruleset_version;
  spec.benchmark = rules.benchmark;
  spec.hardware_class = rules.hardware_class;
  spec.target = workload.target;
  spec.stop_rule = rules.stop_rule;
  spec.budget_seconds = workload.budget_seconds;
  spec.evaluation_period_seconds = workload.evaluation_period_seconds;
  spec.step_hint = workload.step_hint;
  spec.default_batch_size = workload.default_batch_size;
  spec.evaluation_batch_size = workload.evaluation_batch_size;
  spec.device = "";
  spec.clock = ClockMode::per_step;  // what AlgoPerf's harness does
  return spec;
}

}  // namespace timetrial
