#include <cstdio>

#include "harness/cli/command.h"
#include "harness/cli/forecast_table.h"
#include "harness/cli/trial_options.h"
#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

class SweepCommand final : public Command {
 public:
  explicit SweepCommand(CLI::App& app) {
    app.add_option("--ruleset", ruleset_, "Built-in name or JSON file")->required();
    app.add_option("--submission", submissions_, "A submission's .so; repeat for more")->required();
    app.add_option("--search-space", search_spaces_,
                   "JSON file for the submission of the same place in the list (default: beside each .so)");
    app.add_option("--workload", workloads_,
                   "Only these workloads; repeat for more (default: all of the ruleset)");
    app.add_option("--jobs", jobs_, "Trials at a time; more than one makes the times noisy")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_flag("--dry-run", is_dry_run_,
                 "Only tell what the sweep will cost: device-hours, wall time, disk");
    trial_options_.add(app);
    places_.add_data(app);
    places_.add_results(app);
  }

  int run() override {
    const Ruleset ruleset = load_ruleset(ruleset_);
    const bool mini = load_benchmark(ruleset.benchmark).tier == "mini";
    if (search_spaces_.size() > submissions_.size()) {
      throw UserError({"more search spaces than submissions", "", "",
                       "give --search-space at most once per --submission"});
    }
    std::vector<std::vector<TrialSpec>> by_submission;
    for (size_t i = 0; i < submissions_.size(); ++i) {
      const SubmissionReference submission =
          find_submission(submissions_[i], i < search_spaces_.size() ? search_spaces_[i] : "", mini);
      by_submission.push_back(
          make_trial_specs(ruleset, submission, workloads_, trial_options_.run_options(places_, jobs_)));
    }
    if (is_dry_run_) return tell_cost(interleave(by_submission));
    return sweep_and_report_progress(interleave(by_submission), places_.results, jobs_,
                                     /*measure_harness=*/true);
  }

 private:
  // From the trials in the result file, if there is one.
  int tell_cost(std::vector<TrialSpec> specs) const {
    const std::filesystem::path results = std::filesystem::absolute(places_.results);
    const auto finished = static_cast<int64_t>(std::erase_if(specs, [&](const TrialSpec& spec) {
      return outcome_of(trial_directory(results, spec)).has_value();
    }));
    std::vector<TrialCost> costs;
    if (std::filesystem::exists(result_file(results)))
      costs = Store::open_read_only(result_file(results)).trial_costs();
    std::fputs(forecast_table(forecast(specs, costs, jobs_), trial_options_.device, jobs_, finished).c_str(),
               stdout);
    return kExitDone;
  }

  std::string ruleset_;
  std::vector<std::string> submissions_;
  std::vector<std::string> search_spaces_;
  std::vector<std::string> workloads_;
  int64_t jobs_ = 1;
  bool is_dry_run_ = false;
  TrialOptions trial_options_;
  PlaceOptions places_;
};

}  // namespace

RegisteredCommand add_sweep_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand("sweep", "Run all trials of a ruleset for one or more submissions");
  command->footer(
      "\nExample:\n  timetrial sweep --ruleset demo --submission adamw.so --submission sync_free_adamw.so");
  return {command, std::make_unique<SweepCommand>(*command)};
}

}  // namespace timetrial
