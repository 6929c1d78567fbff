#include <cstdio>

#include "harness/cli/command.h"
#include "harness/cli/forecast_table.h"
#include "harness/cli/planned_sweep.h"
#include "harness/cli/slurm_options.h"
#include "harness/cli/trial_options.h"
#include "harness/cluster/submissions_file.h"
#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

class SweepCommand final : public Command {
 public:
  explicit SweepCommand(CLI::App& app) : app_(app) {
    app.add_option("--ruleset", ruleset_, "Built-in name or JSON file");
    app.add_option("--submission", submissions_, "A submission's .so; repeat for more");
    app.add_option("--search-space", search_spaces_,
                   "JSON file for the submission of the same place in the list (default: beside each .so)");
    app.add_option("--workload", workloads_,
                   "Only these workloads; repeat for more (default: all of the ruleset)");
    app.add_option("--jobs", jobs_, "Trials at a time; more than one makes the times noisy")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--resume", resume_,
                   "Go on with the newest sweep of --results, or with the one of this id")
        ->expected(0, 1);
    app.add_flag("--dry-run", is_dry_run_,
                 "Only tell what the sweep will cost: device-hours, wall time, disk");
    trial_options_.add(app);
    slurm_.add(app);
    places_.add_data(app);
    places_.add_results(app);
  }

  int run() override {
    if (app_.count("--resume") > 0) return resume();
    if (ruleset_.empty() || submissions_.empty()) {
      throw UserError({"what to sweep is not said", "", "",
                       "give --ruleset and --submission, or --resume to go on with a sweep"});
    }
    if (is_dry_run_) return tell_cost(planned_specs(trial_options_.run_options(places_, jobs_)));
    if (!slurm_.asked) {
      if (slurm_.any_given())
        throw UserError({"options of SLURM without --slurm", "", "", "add --slurm, or leave them out"});
      return run_planned_sweep(planned_specs(trial_options_.run_options(places_, jobs_)), places_.results,
                               jobs_);
    }
    const SlurmSettings settings = slurm_.settings();
    RunOptions options = trial_options_.run_options(places_, 1);
    if (options.threads == 0) options.threads = settings.cpus.value_or(0);
    return submit_planned_sweep(planned_specs(options), places_.results, settings);
  }

 private:
  std::vector<TrialSpec> planned_specs(const RunOptions& options) const {
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
      by_submission.push_back(make_trial_specs(ruleset, submission, workloads_, options));
    }
    return interleave(by_submission);
  }

  // Everything about the trials stands in the plan; only how they are run may be said anew.
  int resume() {
    for (const CLI::Option* option : app_.get_options()) {
      const std::string name = option->get_name();
      const bool may_change =
          name == "--resume" || name == "--results" || name == "--jobs" || option->get_group() == kSlurmGroup;
      if (option->count() > 0 && !may_change) {
        throw UserError({"a sweep that is resumed keeps its trials as they were planned", "", name,
                         "leave it out, or begin a new sweep without --resume"});
      }
    }
    const SweepPlan plan = find_sweep_plan(places_.results, resume_);
    const std::vector<TrialSpec> specs = specs_of(places_.results, plan);
    if (plan.kind == SweepKind::local) {
      if (slurm_.asked || slurm_.any_given()) {
        throw UserError({"sweep " + plan.id + " is run here, not by SLURM", "", "",
                         "leave out the options of SLURM, or begin a new sweep with --slurm"});
      }
      return run_planned_sweep(specs, places_.results, app_.count("--jobs") > 0 ? jobs_ : plan.jobs);
    }
    if (app_.count("--jobs") > 0) {
      throw UserError(
          {"sweep " + plan.id + " is run by SLURM", "", "--jobs", "give --max-concurrent instead"});
    }
    SlurmSettings settings = read_submissions(sweep_folder(places_.results, plan.id)).settings;
    if (slurm_.any_given()) {
      const SlurmSettings site =
          slurm_.site_file.empty() ? SlurmSettings{} : read_site_settings(slurm_.site_file);
      settings = prefer(slurm_.given, prefer(site, settings));
    }
    return submit_planned_sweep(specs, places_.results, settings);
  }

  // From the trials in the result file, if there is one.
  int tell_cost(std::vector<TrialSpec> specs) const {
    const std::filesystem::path results = std::filesystem::absolute(places_.results);
    const auto finished = static_cast<int64_t>(std::erase_if(
        specs, [&](const TrialSpec& spec) { return is_final(outcome_of(trial_directory(results, spec))); }));
    std::vector<TrialCost> costs;
    if (std::filesystem::exists(result_file(results)))
      costs = Store::open_read_only(result_file(results)).trial_costs();
    std::fputs(forecast_table(forecast(specs, costs, jobs_), trial_options_.device, jobs_, finished).c_str(),
               stdout);
    return kExitDone;
  }

  CLI::App& app_;
  std::string ruleset_;
  std::vector<std::string> submissions_;
  std::vector<std::string> search_spaces_;
  std::vector<std::string> workloads_;
  int64_t jobs_ = 1;
  std::string resume_;
  bool is_dry_run_ = false;
  TrialOptions trial_options_;
  SlurmOptions slurm_;
  PlaceOptions places_;
};

}  // namespace

RegisteredCommand add_sweep_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand("sweep", "Run all trials of a ruleset for one or more submissions");
  command->footer(
      "\nExample:\n  timetrial sweep --ruleset demo --submission adamw.so --submission sync_free_adamw.so"
      "\n  timetrial sweep --resume"
      "\n  timetrial sweep --ruleset demo --submission adamw.so --slurm --gres gpu:1 --time 8:00:00 --device "
      "cuda");
  return {command, std::make_unique<SweepCommand>(*command)};
}

}  // namespace timetrial
