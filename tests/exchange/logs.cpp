#include "logs.h"

#include <fstream>

#include <fmt/format.h>

namespace timetrial {

ImportRules small_rules() {
  ImportRules rules;
  rules.ruleset = "small";
  rules.benchmark = "small";
  rules.hardware_class = "one";
  for (const std::string name : {"ogbg", "mnist"}) {
    ImportedWorkloadRules& workload = rules.workloads[name];
    workload.workload = name;
    workload.target = {"loss", MetricGoal::minimize, 0.5, 0.6};
    workload.budget_seconds = 100;
    workload.logged_budget_seconds = 100;
    workload.evaluation_period_seconds = 10;
  }
  rules.workloads["mnist"].target = {"accuracy", MetricGoal::maximize, 0.9, 0.89};
  return rules;
}

std::string evaluation_csv(const std::vector<LoggedRow>& rows) {
  std::string text =
      "accumulated_eval_time,accumulated_logging_time,accumulated_submission_time,global_step,preemption_"
      "count,score,"
      "test/loss,test/num_examples,total_duration,train/loss,validation/loss,validation/num_examples\n";
  for (const LoggedRow& row : rows) {
    text += fmt::format("1.5,0.25,{0},{1},0,{0},{2},100,9.5,{2},{2},50\n", row.seconds, row.step, row.loss);
  }
  return text;
}

void write_text(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

void write_logged_trial(const std::filesystem::path& directory, const std::vector<LoggedRow>& rows) {
  write_text(directory / "eval_measurements.csv", evaluation_csv(rows));
  write_text(directory / "hparams.json",
             R"({"learning_rate": 0.25, "nesterov": true, "name": "a", "none": null})");
  write_text(directory / "meta_data_0.json",
             R"({"workload.validation_target_value": 0.5, "workload.max_allowed_runtime_sec": 100,
                 "gpu.0.compute.util": NaN, "gpu_model_name": "Some GPU", "gpu_count": 8, "git_commit_hash": "abc",
                 "rng_seed": 77})");
  write_text(directory / "flags_0.json", R"({"tuning_ruleset": "external", "framework": "jax"})");
}

}  // namespace timetrial
