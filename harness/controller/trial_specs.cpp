#include "harness/controller/trial_specs.h"

#include <fmt/format.h>

#include "harness/errors/user_error.h"
#include "tuning/study_plan.h"

namespace timetrial {

namespace {

IsolationLevel isolation_of(const Ruleset& ruleset, const RunOptions& options) {
  return options.isolation.value_or(isolation_level_from_string(ruleset.isolation));
}

std::string ruleset_label(const Ruleset& ruleset, const RunOptions& options) {
  std::string label = ruleset.name;
  if (options.max_steps) label += fmt::format("+max-steps={}", *options.max_steps);
  if (options.budget_seconds) label += fmt::format("+budget={}", *options.budget_seconds);
  if (options.ignore_targets) label += "+ignore-targets";
  if (options.clock == ClockMode::per_step) label += "+clock=per-step";
  if (!options.step_graph) label += "+no-step-graph";
  if (options.host_allocator != HostAllocator::caching)
    label += "+host-allocator=" + to_string(options.host_allocator);
  if (options.audit_sync) label += "+audit-sync";
  if (isolation_of(ruleset, options) < isolation_level_from_string(ruleset.isolation))
    label += "+isolation=" + to_string(*options.isolation);
  return label;
}

TrialSpec make_spec(const StudyTrial& planned, const Ruleset& ruleset, const Benchmark& benchmark,
                    const SubmissionReference& submission, const RunOptions& options) {
  const WorkloadRules& rules = planned.rules;
  TrialSpec spec;
  spec.submission = submission.name;
  spec.submission_library = submission.library.string();
  spec.submission_sha256 = submission.sha256;
  spec.workload = rules.workload;
  spec.variant = rules.variant;
  spec.tier = benchmark.tier;
  spec.hyperparameters = planned.hyperparameters;
  spec.hyperparameter_source = planned.point_source;
  spec.ruleset = ruleset_label(ruleset, options);
  spec.ruleset_version = ruleset.version;
  spec.benchmark = benchmark.name;
  spec.hardware_class =
      options.hardware_class.empty() ? benchmark.default_hardware_class : options.hardware_class;
  spec.study = planned.study;
  spec.trial = planned.trial;
  spec.seed = planned.seed;
  spec.target = {rules.metric, rules.minimize ? MetricGoal::minimize : MetricGoal::maximize,
                 rules.validation_target, rules.test_target};
  spec.stop_rule = options.ignore_targets ? StopRule::never : stop_rule_from_string(ruleset.stop_rule);
  spec.budget_seconds = options.budget_seconds.value_or(rules.budget_seconds);
  spec.evaluation_period_seconds = rules.evaluation_period_seconds;
  spec.evaluation_period_steps = rules.evaluation_period_steps;
  spec.step_hint = rules.step_hint;
  spec.max_steps = options.max_steps.value_or(0);
  spec.default_batch_size = rules.default_batch_size;
  spec.evaluation_batch_size = rules.evaluation_batch_size;
  spec.data_directory = options.data_directory;
  spec.device = options.device;
  spec.threads = options.threads;
  spec.ranks = options.ranks;
  spec.clock = options.clock;
  spec.step_graph = options.step_graph;
  spec.reference_drift = ruleset.reference_drift;
  spec.futility_stop = ruleset.futility_stop;
  if (ruleset.kernel_cache == "warm") spec.kernel_cache = options.kernel_cache;
  spec.host_allocator = options.host_allocator;
  spec.host_cache_gib = options.host_cache_gib;
  spec.audit_sync = options.audit_sync;
  spec.isolation = isolation_of(ruleset, options);
  spec.limits = options.limits;
  spec.checkpoint_period_seconds = rules.checkpoint_period_seconds;
  spec.stall_limit_seconds = rules.stall_limit_seconds;
  return spec;
}

}  // namespace

std::vector<TrialSpec> make_trial_specs(const Ruleset& ruleset, const SubmissionReference& submission,
                                        const std::vector<std::string>& workloads,
                                        const RunOptions& options) {
  const Benchmark benchmark = load_benchmark(ruleset.benchmark);
  std::optional<SearchSpace> space;
  const bool external = ruleset.tuning == TuningMode::external;
  if (external && submission.search_space.empty()) {
    throw UserError(
        {"ruleset " + ruleset.name + " tunes from outside, but the submission has no search space",
         submission.library.string(), "",
         "put <name>.search_space.json beside the library, or give --search-space FILE"});
  }
  // Under self-tuning a search space that merely lies beside the library is not used.
  if (external) space = read_search_space(submission.search_space.string());
  const StudyRequest request{
      ruleset, benchmark, options.hardware_class, workloads, space ? &*space : nullptr, options.seed};
  std::vector<TrialSpec> specs;
  for (const StudyTrial& planned : plan_study(request)) {
    specs.push_back(make_spec(planned, ruleset, benchmark, submission, options));
  }
  return specs;
}

}  // namespace timetrial
