#include "harness/controller/sweep.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <list>
#include <map>

#include <poll.h>
#include <sys/resource.h>

#include "harness/controller/futility_watch.h"
#include "harness/controller/null_measurement_run.h"
#include "harness/errors/user_error.h"
#include "harness/journal/disk_room.h"
#include "harness/journal/unix_seconds.h"

namespace timetrial {

namespace {

constexpr auto kFoldPeriod = std::chrono::seconds(10);
constexpr int kLongestWaitMilliseconds = 50;
constexpr rlim_t kDescriptorsOfAWorker = 3;
constexpr rlim_t kOwnDescriptors = 100;

// As far as the system lets us: 1024 are the usual limit. Where it does not do, starting a worker says so.
void allow_descriptors(int64_t workers) {
  rlimit limit{};
  const rlim_t wanted = kOwnDescriptors + kDescriptorsOfAWorker * static_cast<rlim_t>(workers);
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
  limit.rlim_cur = std::min(limit.rlim_max, wanted);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

class Sweep {
 public:
  Sweep(const std::vector<TrialSpec>& specs, const SweepOptions& options, const std::atomic<bool>& stop,
        SweepObserver& observer)
      : waiting_(specs.begin(), specs.end()),
        options_(options),
        stop_(stop),
        observer_(observer),
        store_(result_file(options.results)),
        harness_measured_(!options.measure_harness) {}

  SweepSummary run() {
    allow_descriptors(options_.jobs);
    note_plan(store_, {waiting_.begin(), waiting_.end()}, options_.results, options_.jobs);
    foresee_disk();
    while (!waiting_.empty() || !running_.empty()) {
      if (stop_.load()) ask_to_stop("stopped on request");
      while (!stopping_ && !waiting_.empty() && static_cast<int64_t>(running_.size()) < options_.jobs)
        start_next();
      poll_running();
      if (stopping_ && running_.empty()) break;
      show();
      fold_running();
      if (!running_.empty()) wait_for_a_worker();
    }
    if (!failure_.empty())
      throw UserError({failure_, "", "", "then run the same command again: finished trials are kept"});
    return summary_;
  }

 private:
  // Throws UserError when the results folder cannot be written.
  void foresee_disk() {
    const DiskRoom room = disk_room(options_.results);
    for (const TrialSpec& spec : waiting_) {
      if (is_final(outcome_of(trial_directory(options_.results, spec)))) continue;
      const auto [need, is_new] = needs_.try_emplace(kind_of(spec));
      if (is_new) need->second = {0, options_.jobs, store_.largest_checkpoint(spec)};
      ++need->second.trials;
    }
    std::vector<DiskNeed> all;
    for (const auto& [kind, need] : needs_) all.push_back(need);
    if (const auto shortage = possible_shortage(all, room))
      observer_.disk_may_not_do(options_.results.string() + ": " + *shortage);
  }

  // Trials whose checkpoints are alike.
  static std::string kind_of(const TrialSpec& spec) {
    return spec.submission + " on " + full_workload_name(spec);
  }

  bool fits(const TrialSpec& spec) {
    const DiskNeed need{1, 1, needs_.at(kind_of(spec)).checkpoint};
    const auto shortage = certain_shortage(need, disk_room(options_.results));
    if (shortage) failure_ = options_.results.string() + ": " + *shortage;
    return !shortage;
  }

  // So that others see what is measured before the trial ends. A busy file may wait: the trial is folded
  // again when it ends.
  void fold_running() {
    const auto now = std::chrono::steady_clock::now();
    if (now - folded_ < kFoldPeriod) return;
    folded_ = now;
    try {
      for (const TrialExecution& trial : running_) store_.fold(trial.directory());
    } catch (const UserError&) {
    }
  }

  void start_next() {
    const TrialSpec spec = waiting_.front();
    waiting_.pop_front();
    const bool finished = is_final(outcome_of(trial_directory(options_.results, spec)));
    if (!finished && !fits(spec)) return ask_to_stop(failure_);
    if (!finished && !harness_measured_) measure_harness(spec);
    futility_.tell(spec, trial_directory(options_.results, spec));
    running_.emplace_back(options_.results, spec);
    if (!running_.back().was_finished_before()) observer_.trial_started(spec, running_.back().directory());
  }

  // With the device and the threads of the trials.
  void measure_harness(const TrialSpec& spec) {
    harness_measured_ = true;
    try {
      const NullMeasurement measurement = run_null_measurement(options_.results, spec.device, spec.threads);
      store_.add_null_measurement(measurement);
      observer_.harness_measured(measurement);
    } catch (const UserError& error) {
      observer_.harness_not_measured(error.what());
    }
  }

  // To end, but not for long: there are other things to look at.
  void wait_for_a_worker() const {
    std::vector<int> descriptors;
    for (const TrialExecution& trial : running_) trial.add_end_descriptors(descriptors);
    std::vector<pollfd> ends;
    for (const int descriptor : descriptors) ends.push_back({descriptor, POLLIN, 0});
    ::poll(ends.data(), ends.size(), kLongestWaitMilliseconds);
  }

  void poll_running() {
    for (auto trial = running_.begin(); trial != running_.end();) {
      const std::optional<ExecutionEnd> end = trial->poll();
      if (!end) {
        ++trial;
        continue;
      }
      settle(*trial, *end);
      trial = running_.erase(trial);
    }
  }

  void settle(TrialExecution& trial, ExecutionEnd end) {
    if (end == ExecutionEnd::interrupted && !stopping_ && options_.resumes_after_kill &&
        ++kills_[trial.directory()] > *options_.resumes_after_kill) {
      trial.give_up(kills_[trial.directory()]);
      end = ExecutionEnd::recorded;
    }
    store_.fold(trial.directory());
    if (end == ExecutionEnd::recorded) {
      const OutcomeRecord outcome = outcome_of(trial.directory()).value();
      if (futility_.note_end(trial.spec(), trial.directory())) tell_running();
      ++summary_.finished;
      if (is_trouble(outcome.outcome)) ++summary_.troubled;
      observer_.trial_ended(trial.spec(), outcome, trial.was_finished_before());
    } else if (end == ExecutionEnd::impossible || end == ExecutionEnd::held) {
      failure_ = trial.message();
      ask_to_stop(failure_);
    } else if (!stopping_) {  // killed, or asked to stop, by somebody else
      if (options_.resumes_after_kill) {
        observer_.trial_killed(trial.spec(), trial.message());
        waiting_.push_front(trial.spec());
      } else {
        ask_to_stop(trial.message());
      }
    }
  }

  void tell_running() const {
    for (const TrialExecution& trial : running_) futility_.tell(trial.spec(), trial.directory());
  }

  void ask_to_stop(const std::string& message) {
    if (stopping_) return;
    stopping_ = true;
    summary_.interrupted = true;
    summary_.message = message;
    for (TrialExecution& trial : running_) trial.request_stop();
  }

  void show() {
    const auto now = std::chrono::steady_clock::now();
    if (now - shown_ < std::chrono::milliseconds(200)) return;
    shown_ = now;
    std::vector<const TrialExecution*> running;
    for (const TrialExecution& trial : running_) running.push_back(&trial);
    observer_.tick(running);
  }

  std::deque<TrialSpec> waiting_;
  std::list<TrialExecution> running_;
  const SweepOptions& options_;
  const std::atomic<bool>& stop_;
  SweepObserver& observer_;
  Store store_;
  bool harness_measured_;  // or not to be
  FutilityWatch futility_;
  std::map<std::filesystem::path, int64_t> kills_;
  std::map<std::string, DiskNeed> needs_;  // by kind_of
  bool stopping_ = false;
  std::string failure_;
  SweepSummary summary_;
  std::chrono::steady_clock::time_point shown_;
  std::chrono::steady_clock::time_point folded_ = std::chrono::steady_clock::now();
};

}  // namespace

SweepSummary run_sweep(const std::vector<TrialSpec>& specs, const SweepOptions& options,
                       const std::atomic<bool>& stop, SweepObserver& observer) {
  return Sweep(specs, options, stop, observer).run();
}

std::vector<TrialSpec> interleave(const std::vector<std::vector<TrialSpec>>& by_submission) {
  std::vector<TrialSpec> specs;
  bool any = true;
  for (size_t i = 0; any; ++i) {
    any = false;
    for (const std::vector<TrialSpec>& own : by_submission) {
      if (i >= own.size()) continue;
      specs.push_back(own[i]);
      any = true;
    }
  }
  return specs;
}

void note_plan(Store& store, const std::vector<TrialSpec>& specs, const std::filesystem::path& results,
               int64_t jobs) {
  std::vector<TrialPlan> plan;
  const double now = unix_seconds();
  for (const TrialSpec& spec : specs) {
    const std::filesystem::path directory = trial_directory(results, spec);
    plan.push_back({std::filesystem::absolute(directory).lexically_normal().string(), spec.ruleset,
                    spec.submission, full_workload_name(spec), spec.budget_seconds, jobs, now});
  }
  store.plan(plan);
}

std::filesystem::path result_file(const std::filesystem::path& results) {
  return results / "results.sqlite";
}

}  // namespace timetrial
