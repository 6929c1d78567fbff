#include "harness/cluster/cluster_task.h"

#include <chrono>
#include <cstdio>
#include <thread>

#include <fmt/format.h>

#include "harness/controller/trial_execution.h"
#include "harness/errors/user_error.h"
#include "harness/journal/lease_file.h"

namespace timetrial {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kLook = std::chrono::milliseconds(50);
// As in a sweep: a worker that is killed from outside is resumed so often in one start of the task.
constexpr int kResumesAfterKill = 3;

void say(const std::string& text) {
  std::puts(text.c_str());
  std::fflush(stdout);
}

// Of a lease that another process has.
enum class Holder { lives, gone, unknown };

class ClusterTask {
 public:
  ClusterTask(const std::filesystem::path& results, const TrialSpec& spec, const Slurm& slurm,
              const std::atomic<bool>& stop)
      : results_(results),
        spec_(spec),
        directory_(trial_directory(results, spec)),
        slurm_(slurm),
        stop_(stop) {}

  TaskEnd run() {
    say(fmt::format("{}: {} on {}, study {} trial {}, by {}", directory_.string(), spec_.submission,
                    full_workload_name(spec_), spec_.study, spec_.trial, describe(me_)));
    for (int kills = 0;;) {
      TrialExecution trial(results_, spec_);
      const ExecutionEnd end = wait_for(trial);
      if (end == ExecutionEnd::recorded) return recorded(trial.was_finished_before());
      if (end == ExecutionEnd::impossible) throw UserError({trial.message(), "", "", ""});
      if (stop_.load()) return stopped(trial.message());
      if (end == ExecutionEnd::held) {
        say(trial.message());
        if (const Holder holder = watch_holder(); holder == Holder::lives) {
          say("That process lives and goes on with the trial; there is nothing to do here.");
          return TaskEnd::done;
        }
        continue;
      }
      say(trial.message());
      if (++kills > kResumesAfterKill) return TaskEnd::interrupted;
      say("Resuming it from its last checkpoint.");
    }
  }

 private:
  ExecutionEnd wait_for(TrialExecution& trial) {
    bool asked = false;
    for (;; std::this_thread::sleep_for(kLook)) {
      if (const std::optional<ExecutionEnd> end = trial.poll()) return *end;
      if (asked || !stop_.load()) continue;
      asked = true;
      trial.request_stop();
    }
  }

  TaskEnd recorded(bool before) const {
    const OutcomeRecord outcome = outcome_of(directory_).value();
    say(fmt::format("{}{} after {} steps, {:.2f} s on the clock - {}", before ? "Finished earlier: " : "",
                    to_string(outcome.outcome), outcome.step, outcome.submission_seconds, outcome.message));
    return TaskEnd::done;
  }

  // A trial that was held a moment ago is not lost: its owner is seen to renew its lease, or the lease
  // becomes free, or stale.
  Holder watch_holder() const {
    const LeaseView first = look_at_lease(directory_, 0);
    if (!first.owner) return Holder::gone;
    const LeaseTimes times;
    const auto until =
        Clock::now() + std::chrono::duration<double>(times.stale_seconds + times.renew_seconds);
    while (Clock::now() < until && !stop_.load()) {
      const LeaseView view = look_at_lease(directory_, 0);
      if (view.number != first.number || !view.owner) return Holder::gone;
      if (view.age_seconds != first.age_seconds) return Holder::lives;
      if (life_of(*view.owner, me_) == OwnerLife::dead) return Holder::gone;
      std::this_thread::sleep_for(10 * kLook);
    }
    return Holder::unknown;
  }

  // SIGTERM comes before the time ends or another job takes the place: then the job still counts as running,
  // and has itself started again. It also comes with scancel: then it does not.
  TaskEnd stopped(const std::string& message) const {
    say(message);
    if (me_.slurm_job.empty()) return TaskEnd::interrupted;
    try {
      const std::string state = slurm_.state_of(me_.slurm_job);
      if (state != "RUNNING") {
        say("SLURM has ended this job (" + (state.empty() ? std::string("unknown") : state) +
            "): timetrial sweep --resume submits the trial again.");
        return TaskEnd::interrupted;
      }
      slurm_.requeue(me_.slurm_job);
    } catch (const UserError& error) {
      say(error.what());
      return TaskEnd::interrupted;
    }
    say("SLURM starts this job again; the trial then goes on.");
    return TaskEnd::requeued;
  }

  const std::filesystem::path& results_;
  const TrialSpec& spec_;
  const std::filesystem::path directory_;
  const Slurm& slurm_;
  const std::atomic<bool>& stop_;
  const LeaseOwner me_ = this_process();
};

}  // namespace

TaskEnd run_cluster_task(const std::filesystem::path& results, const SweepPlan& plan, int64_t place,
                         const Slurm& slurm, const std::atomic<bool>& stop) {
  if (place < 0 || place >= static_cast<int64_t>(plan.trials.size())) {
    throw UserError({"the sweep has no such trial", sweep_folder(results, plan.id).string(),
                     std::to_string(place),
                     "count from 0 to " + std::to_string(static_cast<int64_t>(plan.trials.size()) - 1)});
  }
  SweepPlan one = plan;
  one.trials = {plan.trials[static_cast<size_t>(place)]};
  const TrialSpec spec = specs_of(results, one).front();
  return ClusterTask(results, spec, slurm, stop).run();
}

}  // namespace timetrial
