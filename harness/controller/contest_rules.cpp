#include "harness/controller/contest_rules.h"

namespace timetrial {

ImportRules import_rules_of(const Ruleset& ruleset, const std::string& hardware_class) {
  const Benchmark benchmark = load_benchmark(ruleset.benchmark);
  ImportRules rules;
  rules.ruleset = ruleset.name;
  rules.ruleset_version = ruleset.version;
  rules.benchmark = benchmark.name;
  rules.tier = benchmark.tier;
  rules.hardware_class = hardware_class.empty() ? benchmark.default_hardware_class : hardware_class;
  rules.stop_rule = stop_rule_from_string(ruleset.stop_rule);
  rules.self_tuning = ruleset.tuning == TuningMode::self_tuning;
  rules.studies = ruleset.studies;
  rules.trials_per_study = ruleset.trials_per_study;
  const auto own = benchmark.tables.find(rules.hardware_class);
  const auto& table =
      own != benchmark.tables.end() ? own->second : benchmark.tables.at(benchmark.default_hardware_class);
  for (const auto& [name, workload] : table) {
    ImportedWorkloadRules& imported = rules.workloads[name];
    imported.workload = workload.workload;
    imported.variant = workload.variant;
    imported.target = {workload.metric, workload.minimize ? MetricGoal::minimize : MetricGoal::maximize,
                       workload.validation_target, workload.test_target};
    imported.budget_seconds = workload.budget_seconds * ruleset.budget_factor;
    imported.logged_budget_seconds = workload.budget_seconds;
    imported.evaluation_period_seconds = workload.evaluation_period_seconds;
    imported.step_hint = workload.step_hint;
    imported.default_batch_size = workload.default_batch_size;
    imported.evaluation_batch_size = workload.evaluation_batch_size;
  }
  return rules;
}

std::vector<ImportRules> import_candidates(const std::string& ruleset, const std::string& hardware_class) {
  if (!ruleset.empty()) return {import_rules_of(load_ruleset(ruleset), hardware_class)};
  std::vector<ImportRules> candidates;
  for (const std::string& name : builtin_rulesets()) {
    candidates.push_back(import_rules_of(load_ruleset(name), hardware_class));
  }
  return candidates;
}

}  // namespace timetrial
