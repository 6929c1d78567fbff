#include <algorithm>

#include "embedded/benchmark_files.h"
#include "harness/errors/user_error.h"
#include "tuning/named_source.h"
#include "tuning/nearest_name.h"
#include "tuning/ruleset.h"
#include "tuning/strict_json.h"

namespace timetrial {

namespace {

using Table = std::map<std::string, WorkloadRules>;

// A base workload must give every field but the optional ones; a variant starts from its base workload's
// values and gives its targets and what differs.
void fill_rules(StrictObject& object, bool is_variant, WorkloadRules& rules) {
  const auto given = [&](const char* key) { return object.has(key) || !is_variant; };
  if (given("metric")) rules.metric = object.text("metric");
  if (given("direction")) rules.minimize = object.choice("direction", {"minimize", "maximize"}) == "minimize";
  rules.validation_target = object.number("validation_target");
  // Asked for in any case, so that a forgotten test target is not taken for a missing test split.
  rules.test_target = object.optional_number("test_target");
  if (given("budget_seconds")) rules.budget_seconds = object.positive_number("budget_seconds");
  if (given("evaluation_period_seconds")) {
    rules.evaluation_period_seconds = object.positive_number("evaluation_period_seconds");
  }
  if (object.has("evaluation_period_steps"))
    rules.evaluation_period_steps = object.integer("evaluation_period_steps", 1);
  if (given("step_hint")) rules.step_hint = object.integer("step_hint", 1);
  if (given("default_batch_size")) rules.default_batch_size = object.integer("default_batch_size", 1);
  if (given("evaluation_batch_size"))
    rules.evaluation_batch_size = object.integer("evaluation_batch_size", 1);
  if (object.has("checkpoint_period_seconds")) {
    rules.checkpoint_period_seconds = object.number("checkpoint_period_seconds");
    if (rules.checkpoint_period_seconds < 0) {
      object.fail("checkpoint_period_seconds", "must not be negative",
                  "write 0 for checkpoints at evaluations only");
    }
  }
  if (object.has("stall_limit_seconds"))
    rules.stall_limit_seconds = object.positive_number("stall_limit_seconds");
  object.finish();
}

WorkloadRules parse_variant(StrictObject& object, const std::string& name, const Table& table) {
  const std::string base = object.text("variant_of");
  const auto found = table.find(base);
  if (found == table.end() || !found->second.variant.empty()) {
    object.fail("variant_of", "names no base workload that stands before it", "put the base workload first");
  }
  if (!name.starts_with(base + "_") || name.size() == base.size() + 1) {
    object.fail("variant_of", "does not fit the name \"" + name + "\"",
                "name the entry " + base + "_<variant>");
  }
  WorkloadRules rules = found->second;
  rules.variant = name.substr(base.size() + 1);
  fill_rules(object, true, rules);
  return rules;
}

Table parse_table(const OrderedJson& json, const std::string& hardware_class, const std::string& where) {
  StrictObject workloads(json, where, "hardware class \"" + hardware_class + "\"");
  Table table;
  for (const auto& [name, value] : json.items()) {
    StrictObject object(value, where, "workload \"" + name + "\"");
    WorkloadRules rules;
    if (object.has("variant_of")) {
      rules = parse_variant(object, name, table);
    } else {
      rules.workload = name;
      fill_rules(object, false, rules);
    }
    table.emplace(name, rules);
  }
  if (table.empty()) {
    throw UserError(
        {"hardware class \"" + hardware_class + "\" has no workloads", where, "", "add workloads to it"});
  }
  return table;
}

template <typename Value>
std::vector<std::string> keys_of(const std::map<std::string, Value>& map) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : map) keys.push_back(key);
  return keys;
}

}  // namespace

Benchmark parse_benchmark(const std::string& json, const std::string& where) {
  const OrderedJson parsed = parse_strict_json(json, where);
  StrictObject object(parsed, where, "the benchmark");
  Benchmark benchmark;
  benchmark.name = object.text("name");
  benchmark.tier = object.choice("tier", {"full", "mini"});
  benchmark.default_hardware_class = object.text("default_hardware_class");
  const OrderedJson& classes = object.require("hardware_classes");
  object.finish();
  StrictObject(classes, where, "\"hardware_classes\"");
  for (const auto& [name, table] : classes.items()) benchmark.tables[name] = parse_table(table, name, where);
  if (!benchmark.tables.count(benchmark.default_hardware_class)) {
    object.fail("default_hardware_class", "names no entry of \"hardware_classes\"",
                "use one of: " + join_names(keys_of(benchmark.tables)));
  }
  return benchmark;
}

const WorkloadRules& Benchmark::rules(const std::string& hardware_class,
                                      const std::string& full_workload_name) const {
  const auto table = tables.find(hardware_class);
  if (table == tables.end()) {
    const std::vector<std::string> classes = keys_of(tables);
    throw UserError({"the benchmark has no such hardware class" + suggest_name(hardware_class, classes),
                     "benchmark " + name, hardware_class, "use one of: " + join_names(classes)});
  }
  const auto found = table->second.find(full_workload_name);
  if (found == table->second.end()) {
    const std::vector<std::string> workloads = keys_of(table->second);
    throw UserError({"the benchmark has no such workload" + suggest_name(full_workload_name, workloads),
                     "benchmark " + name + ", hardware class " + hardware_class, full_workload_name,
                     "use one of: " + join_names(workloads)});
  }
  return found->second;
}

Benchmark load_benchmark(const std::string& name_or_file) {
  const NamedSource source = find_source(name_or_file, "benchmark", benchmark_files_names(), benchmark_files);
  return parse_benchmark(source.text, source.where);
}

std::vector<std::string> builtin_benchmarks() {
  return without_json_ending(benchmark_files_names());
}

}  // namespace timetrial
