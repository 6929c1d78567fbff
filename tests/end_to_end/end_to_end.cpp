#include "end_to_end.h"

#include <algorithm>
#include <fstream>
#include <thread>

#include <nlohmann/json.hpp>

#include "../sanitizers/patience.h"

namespace timetrial {

namespace {

nlohmann::json targets_and_batches(const std::string& workload) {
  if (workload == "mnist") {
    return {{"metric", "accuracy"}, {"direction", "maximize"},  {"validation_target", 0.86},
            {"test_target", 0.85},  {"default_batch_size", 64}, {"evaluation_batch_size", 2000}};
  }
  if (workload == "cifar") {
    return {{"metric", "accuracy"}, {"direction", "maximize"},  {"validation_target", 0.99},
            {"test_target", 0.99},  {"default_batch_size", 32}, {"evaluation_batch_size", 256}};
  }
  if (workload == "finewebedu_lm") {  // reached at once, and without a test split
    return {{"metric", "ppl"},        {"direction", "minimize"}, {"validation_target", 1e9},
            {"test_target", nullptr}, {"default_batch_size", 2}, {"evaluation_batch_size", 2}};
  }
  if (workload == "graph_optimizer") {
    return {{"metric", "time_over_best_heuristic"},
            {"direction", "minimize"},
            {"validation_target", 0.5},
            {"test_target", 0.5},
            {"default_batch_size", 2},
            {"evaluation_batch_size", 1}};
  }
  return {{"metric", "loss"},   {"direction", "minimize"},   {"validation_target", 0.5},
          {"test_target", 0.5}, {"default_batch_size", 512}, {"evaluation_batch_size", 4096}};
}

nlohmann::json benchmark_json(const CustomRules& rules) {
  nlohmann::json workloads;
  for (const std::string& workload : rules.workloads) {
    nlohmann::json& entry = workloads[workload] = targets_and_batches(workload);
    entry["budget_seconds"] = rules.budget_seconds;
    entry["evaluation_period_seconds"] = rules.evaluation_period_seconds;
    if (rules.evaluation_period_steps > 0) entry["evaluation_period_steps"] = rules.evaluation_period_steps;
    entry["step_hint"] = 3000;
    entry["checkpoint_period_seconds"] = rules.checkpoint_period_seconds;
    entry["stall_limit_seconds"] = rules.stall_limit_seconds;
  }
  return {{"name", rules.name},
          {"tier", "mini"},
          {"default_hardware_class", "any"},
          {"hardware_classes", {{"any", workloads}}}};
}

nlohmann::json ruleset_json(const CustomRules& rules, const std::string& benchmark) {
  nlohmann::json ruleset = {{"name", rules.name},
                            {"version", 1},
                            {"description", "of a test"},
                            {"tuning", rules.self_tuning ? "self-tuning" : "external"},
                            {"benchmark", benchmark},
                            {"studies", 1},
                            {"trials_per_study", rules.trials_per_study},
                            {"budget_factor", 1.0},
                            {"stop_rule", rules.stop_rule},
                            {"workloads", rules.workloads},
                            {"held_out", nlohmann::json::array()},
                            {"scoring",
                             {{"tau_max", 4.0},
                              {"tau_points", 100},
                              {"trial_choice", "eval-index"},
                              {"missing_study", "inf"},
                              {"ties", "first"}}}};
  if (rules.reference_drift > 0) ruleset["reference_drift"] = rules.reference_drift;
  if (rules.futility_stop) ruleset["futility_stop"] = true;
  return ruleset;
}

}  // namespace

void EndToEnd::SetUp() {
  const char* data = std::getenv("TIMETRIAL_DATA");
  for (const char* workload : {"mnist", "criteo1tb"}) {
    if (data == nullptr ||
        !std::filesystem::exists(std::filesystem::path(data) / workload / "mini/manifest.json")) {
      GTEST_SKIP() << "TIMETRIAL_DATA names no data directory with " << workload
                   << "/mini; run `timetrial prepare --tier mini`";
    }
  }
  std::string name = (std::filesystem::temp_directory_path() / "timetrial-end-XXXXXX").string();
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  folder_ = name;
}

void EndToEnd::TearDown() {
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

std::vector<std::string> EndToEnd::fixed_trial(const std::string& name, const std::string& workload,
                                               int64_t steps, const std::filesystem::path& results) const {
  CustomRules rules;
  rules.workloads = {workload};
  rules.budget_seconds = 3600;
  return {"run",
          "--ruleset",
          write_rules(rules),
          "--tier",
          "mini",
          "--workload",
          workload,
          "--submission",
          submission(name),
          "--max-steps",
          std::to_string(steps),
          "--ignore-targets",
          "--threads",
          "1",
          "--results",
          results.string()};
}

std::vector<std::string> EndToEnd::command(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), TIMETRIAL_PROGRAM);
  return arguments;
}

ProgramEnd EndToEnd::timetrial(std::vector<std::string> arguments, const ProgramOptions& options) {
  return run_program(command(std::move(arguments)), options);
}

std::string EndToEnd::write(const std::string& name, const std::string& text) const {
  const std::filesystem::path file = folder_ / name;
  std::ofstream(file, std::ios::binary) << text;
  return file.string();
}

std::string EndToEnd::write_rules(const CustomRules& rules) const {
  const std::string benchmark = write(rules.name + ".benchmark.json", benchmark_json(rules).dump());
  return write(rules.name + ".ruleset.json", ruleset_json(rules, benchmark).dump());
}

std::string EndToEnd::submission(const std::string& name) {
  return std::string(TIMETRIAL_SUBMISSION_DIR) + "/" + name + ".so";
}

std::string EndToEnd::misbehaving(const std::string& name) {
  return std::string(TIMETRIAL_MISBEHAVING_DIR) + "/" + name + ".so";
}

std::vector<std::filesystem::path> EndToEnd::trial_directories(const std::filesystem::path& results) {
  std::vector<std::filesystem::path> found;
  std::error_code absent;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(results, absent)) {
    if (entry.path().filename() == "trial.json") found.push_back(entry.path().parent_path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::filesystem::path EndToEnd::only_trial(const std::filesystem::path& results) {
  const std::vector<std::filesystem::path> found = trial_directories(results);
  EXPECT_EQ(found.size(), 1U) << "trials in " << results;
  return found.size() == 1 ? found.front() : std::filesystem::path();
}

std::vector<TrialResult> EndToEnd::stored(const std::filesystem::path& results) {
  return Store::open_read_only(results / "results.sqlite").trials();
}

bool EndToEnd::wait_until(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

OutcomeRecord outcome_record(const std::filesystem::path& trial_directory) {
  const std::vector<OutcomeRecord> found = records_of<OutcomeRecord>(trial_directory);
  EXPECT_EQ(found.size(), 1U) << "outcomes of " << trial_directory;
  return found.empty() ? OutcomeRecord{} : found.back();
}

std::string final_hash(const std::filesystem::path& trial_directory) {
  const std::vector<OutcomeRecord> found = records_of<OutcomeRecord>(trial_directory);
  return found.empty() ? "" : found.back().parameters_hash;
}

}  // namespace timetrial
