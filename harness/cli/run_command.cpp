#include <fmt/format.h>

#include "harness/cli/command.h"
#include "harness/cli/trial_options.h"
#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

class RunCommand final : public Command {
 public:
  explicit RunCommand(CLI::App& app) {
    app.add_option("--submission", submission_, "The submission's .so")->required();
    app.add_option("--workload", workload_, "Such as criteo1tb, or criteo1tb_layernorm for a variant")
        ->required();
    app.add_option("--tier", tier_, "full, or mini: the small data sets that prepare makes")
        ->check(CLI::IsMember({"full", "mini"}))
        ->capture_default_str();
    app.add_option("--ruleset", ruleset_,
                   "Built-in name or JSON file (default: demo for mini, algoperf-v0.6-external)");
    app.add_option("--search-space", search_space_, "JSON file (default: beside the .so)");
    app.add_option("--study", study_, "Study of the plan, from 0")->capture_default_str();
    app.add_option("--trial", trial_, "Trial of the study, from 0")->capture_default_str();
    trial_options_.add(app);
    places_.add_data(app);
    places_.add_results(app);
  }

  int run() override {
    const Ruleset ruleset = load_ruleset(ruleset_.empty() ? default_ruleset(tier_) : ruleset_);
    if (load_benchmark(ruleset.benchmark).tier != tier_) {
      throw UserError({"ruleset " + ruleset.name + " is not of tier " + tier_, "", "",
                       "choose another --ruleset or --tier"});
    }
    const SubmissionReference submission = find_submission(submission_, search_space_, tier_ == "mini");
    for (const TrialSpec& spec :
         make_trial_specs(ruleset, submission, {workload_}, trial_options_.run_options(places_, 1))) {
      if (spec.study == study_ && spec.trial == trial_)
        return sweep_and_report_progress({spec}, places_.results, 1, /*measure_harness=*/false);
    }
    throw UserError({fmt::format("the plan has no study {} trial {}", study_, trial_), "",
                     fmt::format("{} studies of {} trials", ruleset.studies, ruleset.trials_per_study),
                     "count both from 0"});
  }

 private:
  std::string submission_;
  std::string workload_;
  std::string tier_ = "full";
  std::string ruleset_;
  std::string search_space_;
  int64_t study_ = 0;
  int64_t trial_ = 0;
  TrialOptions trial_options_;
  PlaceOptions places_;
};

}  // namespace

RegisteredCommand add_run_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand("run", "Run, or resume, one trial");
  command->footer(
      "\nExample:\n  timetrial run --workload criteo1tb --tier mini --submission "
      "build/cuda/submissions/adamw.so");
  return {command, std::make_unique<RunCommand>(*command)};
}

}  // namespace timetrial
