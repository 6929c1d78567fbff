#include "harness/cli/planned_sweep.h"

#include <fmt/format.h>

#include "harness/cli/command.h"
#include "harness/cli/trial_options.h"
#include "harness/cluster/slurm_sweep.h"
#include "harness/errors/user_error.h"
#include "harness/journal/unix_seconds.h"

namespace timetrial {

namespace {

SweepPlan write_plan(const std::vector<TrialSpec>& specs, const std::filesystem::path& results,
                     SweepKind kind, int64_t jobs) {
  make_results_directory(results);
  SweepPlan plan = make_sweep_plan(specs, kind, jobs);
  plan.unix_seconds = unix_seconds();
  write_sweep_plan(results, plan, specs);
  return plan;
}

}  // namespace

int run_planned_sweep(const std::vector<TrialSpec>& specs, const std::filesystem::path& results,
                      int64_t jobs) {
  write_plan(specs, results, SweepKind::local, jobs);
  return sweep_and_report_progress(specs, results, jobs, /*measure_harness=*/true);
}

int submit_planned_sweep(const std::vector<TrialSpec>& specs, const std::filesystem::path& results,
                         const SlurmSettings& settings) {
  require_sensible(settings);
  const Slurm slurm;
  slurm.max_array_size();  // that it is there is asked before anything is written
  const std::filesystem::path place = std::filesystem::absolute(results).lexically_normal();
  const SweepPlan plan = write_plan(specs, place, SweepKind::slurm, settings.max_concurrent.value_or(0));
  Store store(result_file(place));
  note_plan(store, specs, place, settings.max_concurrent.value_or(1));
  const SubmitReport report = submit_sweep(place, plan, settings, slurm);
  std::string jobs;
  for (const std::string& job : report.jobs) jobs += (jobs.empty() ? "" : ", ") + job;
  if (report.submitted > 0)
    fmt::print("Sweep {}: {} trials submitted as SLURM job {}", plan.id, report.submitted, jobs);
  else
    fmt::print("Sweep {}: nothing to submit", plan.id);
  fmt::print("; {} finished, {} waiting or running already.\n", report.finished, report.queued);
  fmt::print(
      "timetrial watch --results {} shows how far it is and brings the results into results.sqlite;\n"
      "timetrial sweep --resume {} --results {} submits again what gets lost.\n",
      results.string(), plan.id, results.string());
  return kExitDone;
}

}  // namespace timetrial
