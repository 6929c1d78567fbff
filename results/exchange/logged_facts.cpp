#include "results/exchange/logged_facts.h"

#include <cmath>

#include <fmt/format.h>

#include "harness/errors/user_error.h"
#include "results/exchange/logged_number.h"
#include "results/exchange/plain_name.h"
#include "results/exchange/python_json.h"

namespace timetrial {

namespace {

using nlohmann::json;

// An empty object when the text is no JSON object, and a problem.
json read_object(std::string_view text, const std::string& where, ImportProblems& problems) {
  try {
    json object = parse_python_json(text, where);
    if (object.is_object()) return object;
    problems.push_back({ProblemKind::bad_json, where, "an object is expected", true});
  } catch (const UserError& error) {
    problems.push_back({ProblemKind::bad_json, where, error.parts().value, true});
  }
  return json::object();
}

std::optional<double> number_of(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number() || !std::isfinite(found->get<double>()))
    return std::nullopt;
  return found->get<double>();
}

std::optional<double> positive_number_of(const json& object, const char* name) {
  const std::optional<double> value = number_of(object, name);
  return value && *value > 0 ? value : std::nullopt;
}

std::optional<int64_t> count_of(const json& object, const char* name) {
  const std::optional<double> value = positive_number_of(object, name);
  return value ? whole_number(*value) : std::nullopt;
}

std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) return "";
  const std::string text = found->is_string() ? found->get<std::string>() : found->dump();
  return is_plain_text(text) ? text : "";
}

void keep(std::map<std::string, std::string>& facts, const char* name, const std::string& value) {
  if (!value.empty()) facts[name] = value;
}

}  // namespace

HyperparameterMap read_hyperparameters(std::string_view text, const std::string& where,
                                       ImportProblems& problems) {
  HyperparameterMap hyperparameters;
  const json object = read_object(text, where, problems);
  for (const auto& [name, value] : object.items()) {
    if (value.is_boolean()) {
      hyperparameters[name] = value.get<bool>();
    } else if (value.is_number()) {
      hyperparameters[name] = value.get<double>();
    } else {
      hyperparameters[name] = value.is_string() ? value.get<std::string>() : value.dump();
    }
  }
  return hyperparameters;
}

void read_meta_data(std::string_view text, const std::string& where, LoggedFacts& facts,
                    ImportProblems& problems) {
  const json object = read_object(text, where, problems);
  LoggedWorkload& workload = facts.workload;
  workload.metric = text_of(object, "workload.target_metric_name");
  workload.validation_target = number_of(object, "workload.validation_target_value");
  workload.test_target = number_of(object, "workload.test_target_value");
  workload.budget_seconds = positive_number_of(object, "workload.max_allowed_runtime_sec");
  workload.evaluation_period_seconds = positive_number_of(object, "workload.eval_period_time_sec");
  workload.step_hint = count_of(object, "workload.step_hint");
  workload.evaluation_batch_size = count_of(object, "workload.eval_batch_size");
  keep(facts.provenance, "commit", text_of(object, "git_commit_hash"));
  keep(facts.provenance, "branch", text_of(object, "git_branch"));
  keep(facts.provenance, "python", text_of(object, "python_version"));
  keep(facts.machine, "cpu", text_of(object, "cpu_model_name"));
  keep(facts.machine, "cores", text_of(object, "cpu_count"));
  keep(facts.machine, "os", text_of(object, "os_platform"));
  keep(facts.machine, "driver", text_of(object, "gpu_driver"));
  if (const std::string gpu = text_of(object, "gpu_model_name"); !gpu.empty()) {
    const std::string count = text_of(object, "gpu_count");
    facts.machine["gpu"] = count.empty() ? gpu : count + " x " + gpu;
  }
  if (const std::optional<double> bytes = positive_number_of(object, "mem.total")) {
    facts.machine["memory_gib"] = fmt::format("{:.1f}", *bytes / (1 << 30));
  }
  const auto seed = object.find("rng_seed");
  if (seed != object.end() && seed->is_number_unsigned()) facts.seed = seed->get<uint64_t>();
}

void read_flags(std::string_view text, const std::string& where, LoggedFacts& facts,
                ImportProblems& problems) {
  const json object = read_object(text, where, problems);
  const std::string ruleset = text_of(object, "tuning_ruleset");
  if (ruleset == "external" || ruleset == "self") facts.tuning_ruleset = ruleset;
  const auto seed = object.find("rng_seed");
  if (!facts.seed && seed != object.end() && seed->is_number_unsigned()) facts.seed = seed->get<uint64_t>();
}

}  // namespace timetrial
