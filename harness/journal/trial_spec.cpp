#include "harness/journal/trial_spec.h"

#include <fstream>
#include <sstream>

#include "harness/journal/checksum.h"
#include "harness/journal/durable_file.h"
#include "harness/journal/hyperparameter_json.h"
#include "harness/journal/json_fields.h"

namespace timetrial {

namespace {

using nlohmann::json;

constexpr int kFormat = 1;
constexpr const char* kFileName = "trial.json";

template <typename Value>
Value one_of(const std::string& text, std::initializer_list<std::pair<const char*, Value>> choices,
             const std::string& field, const std::string& where) {
  std::string known;
  for (const auto& [name, value] : choices) {
    if (text == name) return value;
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  throw UserError({"field \"" + field + "\" has an unknown value", where, text, "use one of: " + known});
}

constexpr std::pair<const char*, MetricGoal> kMinimize = {"minimize", MetricGoal::minimize};
constexpr std::pair<const char*, MetricGoal> kMaximize = {"maximize", MetricGoal::maximize};
constexpr std::pair<const char*, StopRule> kStopValidation = {"validation_target",
                                                              StopRule::validation_target};
constexpr std::pair<const char*, StopRule> kStopBoth = {"both_targets", StopRule::both_targets};
constexpr std::pair<const char*, StopRule> kStopNever = {"never", StopRule::never};
constexpr std::pair<const char*, ClockMode> kSyncFree = {"sync-free", ClockMode::sync_free};
constexpr std::pair<const char*, ClockMode> kPerStep = {"per-step", ClockMode::per_step};
constexpr std::pair<const char*, HostAllocator> kCaching = {"caching", HostAllocator::caching};
constexpr std::pair<const char*, HostAllocator> kSystem = {"system", HostAllocator::system};

const char* name_of(MetricGoal goal) {
  return goal == MetricGoal::minimize ? kMinimize.first : kMaximize.first;
}

const char* name_of(StopRule rule) {
  switch (rule) {
    case StopRule::validation_target:
      return kStopValidation.first;
    case StopRule::both_targets:
      return kStopBoth.first;
    case StopRule::never:
      break;
  }
  return kStopNever.first;
}

const char* name_of(ClockMode mode) {
  return mode == ClockMode::sync_free ? kSyncFree.first : kPerStep.first;
}

json limits_to_json(const TrialLimits& limits) {
  return {{"memory_gib", limits.memory_gib}, {"processes", limits.processes}, {"disk_gib", limits.disk_gib}};
}

TrialLimits limits_from_json(const json& object, const std::string& where) {
  JsonFields fields(object, where);
  TrialLimits limits;
  limits.memory_gib = fields.number("memory_gib");
  limits.processes = fields.integer("processes");
  limits.disk_gib = fields.number("disk_gib");
  fields.finish();
  if (!(limits.memory_gib >= 0) || limits.processes < 0 || !(limits.disk_gib >= 0)) {
    throw UserError({"a limit must not be negative", where, object.dump(), "correct it on the command line"});
  }
  return limits;
}

void require_positive(double value, const char* field, const std::string& where) {
  if (!(value > 0)) {
    throw UserError({std::string("field \"") + field + "\" must be greater than 0", where,
                     std::to_string(value), "correct it in the benchmark table or on the command line"});
  }
}

}  // namespace

StopRule stop_rule_from_string(const std::string& text) {
  return one_of(text, {kStopValidation, kStopBoth, kStopNever}, "stop_rule", "");
}

ClockMode clock_mode_from_string(const std::string& text) {
  return one_of(text, {kSyncFree, kPerStep}, "clock", "");
}

HostAllocator host_allocator_from_string(const std::string& text) {
  return one_of(text, {kCaching, kSystem}, "host_allocator", "");
}

std::string to_string(HostAllocator allocator) {
  return allocator == HostAllocator::caching ? kCaching.first : kSystem.first;
}

std::string full_workload_name(const TrialSpec& spec) {
  return spec.variant.empty() ? spec.workload : spec.workload + "_" + spec.variant;
}

std::filesystem::path trial_path(const TrialSpec& spec) {
  return std::filesystem::path(spec.ruleset) / spec.submission / ("study_" + std::to_string(spec.study)) /
         full_workload_name(spec) /
         ("trial_" + std::to_string(spec.trial) + "-" + crc32_of(trial_spec_to_json(spec)));
}

std::string trial_spec_to_json(const TrialSpec& spec) {
  json object = json::object();
  object["format"] = kFormat;
  object["submission"] = spec.submission;
  object["submission_library"] = spec.submission_library;
  object["submission_sha256"] = spec.submission_sha256;
  object["workload"] = spec.workload;
  object["variant"] = spec.variant;
  object["tier"] = spec.tier;
  object["hyperparameters"] = hyperparameters_to_json(spec.hyperparameters);
  object["hyperparameter_source"] = spec.hyperparameter_source;
  object["ruleset"] = spec.ruleset;
  object["ruleset_version"] = spec.ruleset_version;
  object["benchmark"] = spec.benchmark;
  object["hardware_class"] = spec.hardware_class;
  object["study"] = spec.study;
  object["trial"] = spec.trial;
  object["seed"] = spec.seed;
  object["metric"] = spec.target.metric;
  object["metric_goal"] = name_of(spec.target.goal);
  object["validation_target"] = number_to_json(spec.target.validation);
  object["test_target"] = optional_number_to_json(spec.target.test);
  object["stop_rule"] = name_of(spec.stop_rule);
  object["budget_seconds"] = spec.budget_seconds;
  object["evaluation_period_seconds"] = spec.evaluation_period_seconds;
  object["step_hint"] = spec.step_hint;
  object["max_steps"] = spec.max_steps;
  object["default_batch_size"] = spec.default_batch_size;
  object["evaluation_batch_size"] = spec.evaluation_batch_size;
  object["data_directory"] = spec.data_directory;
  object["device"] = spec.device;
  object["threads"] = spec.threads;
  object["clock"] = name_of(spec.clock);
  object["checkpoint_period_seconds"] = spec.checkpoint_period_seconds;
  object["stall_limit_seconds"] = spec.stall_limit_seconds;
  // Left out where they say nothing new, so that trials planned before they existed keep their directories.
  const TrialSpec plain;
  if (spec.ranks != plain.ranks) object["ranks"] = spec.ranks;
  if (spec.host_allocator != plain.host_allocator) object["host_allocator"] = to_string(spec.host_allocator);
  if (spec.host_cache_gib != plain.host_cache_gib) object["host_cache_gib"] = spec.host_cache_gib;
  if (!spec.kernel_cache.empty()) object["kernel_cache"] = spec.kernel_cache;
  if (!spec.step_graph) object["step_graph"] = false;
  if (spec.audit_sync) object["audit_sync"] = true;
  if (spec.evaluation_period_steps != 0) object["evaluation_period_steps"] = spec.evaluation_period_steps;
  if (spec.futility_stop) object["futility_stop"] = true;
  if (spec.reference_drift != 0) object["reference_drift"] = spec.reference_drift;
  if (spec.isolation != plain.isolation) object["isolation"] = to_string(spec.isolation);
  if (spec.limits != plain.limits) object["limits"] = limits_to_json(spec.limits);
  return object.dump(2) + "\n";
}

TrialSpec trial_spec_from_json(const std::string& text, const std::string& where) {
  json object;
  try {
    object = json::parse(text);
  } catch (const json::exception& error) {
    throw UserError({"not valid JSON", where, error.what(),
                     "put the file back as timetrial wrote it, or remove the trial's folder to run it anew"});
  }
  JsonFields fields(object, where);
  if (const int64_t format = fields.integer("format"); format != kFormat) {
    throw UserError({"this trial was written in another format", where, std::to_string(format),
                     "run it with the version of timetrial that wrote it"});
  }
  TrialSpec spec;
  spec.submission = fields.text("submission");
  spec.submission_library = fields.text("submission_library");
  spec.submission_sha256 = fields.text("submission_sha256");
  spec.workload = fields.text("workload");
  spec.variant = fields.text("variant");
  spec.tier = fields.text("tier");
  spec.hyperparameters = hyperparameters_from_json(fields.object("hyperparameters"), where);
  spec.hyperparameter_source = fields.text("hyperparameter_source");
  spec.ruleset = fields.text("ruleset");
  spec.ruleset_version = fields.integer("ruleset_version");
  spec.benchmark = fields.text("benchmark");
  spec.hardware_class = fields.text("hardware_class");
  spec.study = fields.integer("study");
  spec.trial = fields.integer("trial");
  spec.seed = fields.unsigned_integer("seed");
  spec.target.metric = fields.text("metric");
  spec.target.goal = one_of(fields.text("metric_goal"), {kMinimize, kMaximize}, "metric_goal", where);
  spec.target.validation = fields.number("validation_target");
  spec.target.test = fields.optional_number("test_target");
  spec.stop_rule =
      one_of(fields.text("stop_rule"), {kStopValidation, kStopBoth, kStopNever}, "stop_rule", where);
  spec.budget_seconds = fields.number("budget_seconds");
  spec.evaluation_period_seconds = fields.number("evaluation_period_seconds");
  spec.step_hint = fields.integer("step_hint");
  spec.max_steps = fields.integer("max_steps");
  spec.default_batch_size = fields.integer("default_batch_size");
  spec.evaluation_batch_size = fields.integer("evaluation_batch_size");
  spec.data_directory = fields.text("data_directory");
  spec.device = fields.text("device");
  spec.threads = fields.integer("threads");
  spec.clock = one_of(fields.text("clock"), {kSyncFree, kPerStep}, "clock", where);
  spec.checkpoint_period_seconds = fields.number("checkpoint_period_seconds");
  spec.stall_limit_seconds = fields.number("stall_limit_seconds");
  if (fields.has("ranks")) spec.ranks = fields.integer("ranks");
  if (fields.has("host_allocator")) {
    spec.host_allocator = one_of(fields.text("host_allocator"), {kCaching, kSystem}, "host_allocator", where);
  }
  if (fields.has("host_cache_gib")) spec.host_cache_gib = fields.number("host_cache_gib");
  if (fields.has("kernel_cache")) spec.kernel_cache = fields.text("kernel_cache");
  if (fields.has("step_graph")) spec.step_graph = fields.flag("step_graph");
  if (fields.has("audit_sync")) spec.audit_sync = fields.flag("audit_sync");
  if (fields.has("evaluation_period_steps")) {
    spec.evaluation_period_steps = fields.integer("evaluation_period_steps");
    require_positive(static_cast<double>(spec.evaluation_period_steps), "evaluation_period_steps", where);
  }
  if (fields.has("futility_stop")) spec.futility_stop = fields.flag("futility_stop");
  if (fields.has("reference_drift")) {
    spec.reference_drift = fields.number("reference_drift");
    require_positive(spec.reference_drift, "reference_drift", where);
  }
  if (fields.has("isolation")) spec.isolation = isolation_level_from_string(fields.text("isolation"));
  if (fields.has("limits")) spec.limits = limits_from_json(fields.object("limits"), where);
  fields.finish();
  if (!(spec.host_cache_gib >= 0)) {
    throw UserError({"field \"host_cache_gib\" must not be negative", where,
                     std::to_string(spec.host_cache_gib), "correct it on the command line"});
  }
  require_positive(spec.budget_seconds, "budget_seconds", where);
  require_positive(spec.evaluation_period_seconds, "evaluation_period_seconds", where);
  require_positive(spec.stall_limit_seconds, "stall_limit_seconds", where);
  require_positive(static_cast<double>(spec.ranks), "ranks", where);
  require_positive(static_cast<double>(spec.default_batch_size), "default_batch_size", where);
  require_positive(static_cast<double>(spec.evaluation_batch_size), "evaluation_batch_size", where);
  return spec;
}

void write_trial_spec(const std::filesystem::path& trial_directory, const TrialSpec& spec) {
  write_file_durably(trial_directory / kFileName, trial_spec_to_json(spec));
}

TrialSpec read_trial_spec(const std::filesystem::path& trial_directory) {
  const std::filesystem::path file = trial_directory / kFileName;
  std::ifstream stream(file);
  if (!stream) {
    throw UserError(
        {"cannot be read", file.string(), "", "give the path of a trial directory that timetrial made"});
  }
  std::stringstream text;
  text << stream.rdbuf();
  return trial_spec_from_json(text.str(), file.string());
}

}  // namespace timetrial
