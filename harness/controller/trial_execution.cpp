#include "harness/controller/trial_execution.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "harness/controller/execution_verdict.h"
#include "harness/controller/trial_isolation.h"
#include "harness/errors/user_error.h"
#include "harness/journal/progress.h"
#include "harness/journal/unix_seconds.h"
#include "harness/journal/worker_exit.h"

namespace timetrial {

namespace {

// A worker that is killed through its launcher may take a while to give its memory, and then its lock, back.
constexpr auto kLockPatience = std::chrono::seconds(30);

int64_t outcomes_in(const std::vector<JournalRecord>& records) {
  return std::count_if(records.begin(), records.end(),
                       [](const auto& record) { return std::holds_alternative<OutcomeRecord>(record); });
}

// The worker records as the last thing that it stopped when it was asked to.
bool ends_with_interruption(const std::vector<JournalRecord>& records) {
  return !records.empty() && std::holds_alternative<InterruptionRecord>(records.back());
}

}  // namespace

std::filesystem::path trial_directory(const std::filesystem::path& results, const TrialSpec& spec) {
  return results / "trials" / trial_path(spec);
}

std::optional<OutcomeRecord> outcome_of(const std::filesystem::path& trial_directory) {
  return standing_outcome(read_journal(trial_directory).records);
}

bool is_final(const std::optional<OutcomeRecord>& outcome) {
  return outcome && !may_be_resumed(outcome->outcome);
}

TrialExecution::TrialExecution(const std::filesystem::path& results, const TrialSpec& spec)
    : spec_(spec), directory_(trial_directory(results, spec)) {
  if (!std::filesystem::exists(directory_ / "trial.json")) write_trial_spec(directory_, spec_);
  const std::vector<JournalRecord> records = read_journal(directory_).records;
  outcomes_before_ = outcomes_in(records);
  finished_before_ = is_final(standing_outcome(records));
  if (finished_before_) return;
  const IsolationLevel level = granted_for(spec_).level;
  const std::optional<LaunchPolicy> policy = launch_policy_of(spec_, directory_, results, level);
  workers_.emplace(directory_, spec_.ranks, std::vector<std::string>{"--isolation", to_string(level)},
                   policy ? &*policy : nullptr);
}

std::optional<ExecutionEnd> TrialExecution::poll() {
  if (workers_) {
    const std::optional<RankEnd> end = workers_->poll();
    if (!end) return std::nullopt;
    workers_.reset();
    ended_ = *end;
    ended_at_ = std::chrono::steady_clock::now();
  }
  if (!ended_) return ExecutionEnd::recorded;
  const bool launcher_was_killed = ended_->end.signal != 0 && !ended_->end.report;
  if (launcher_was_killed && trial_is_held(directory_) &&
      std::chrono::steady_clock::now() - ended_at_ < kLockPatience)
    return std::nullopt;
  return settle(*std::exchange(ended_, std::nullopt));
}

void TrialExecution::request_stop() {
  if (workers_) workers_->request_stop();
}

void TrialExecution::add_end_descriptors(std::vector<int>& descriptors) const {
  if (workers_) workers_->add_end_descriptors(descriptors);
}

std::string TrialExecution::worker(int64_t rank) const {
  return spec_.ranks > 1 ? "the worker of rank " + std::to_string(rank) : "the worker";
}

ExecutionEnd TrialExecution::settle(const RankEnd& last) {
  const WorkerEnd& end = last.end;
  if (end.exit_code == kWorkerTrialHeld && end.signal == 0) {
    message_ =
        end.message.empty() ? "another process has taken this trial over (see worker.log)" : end.message;
    return ExecutionEnd::held;
  }
  const std::vector<JournalRecord> records = read_journal(directory_).records;
  if (end.report && end.report->left_running > 0) {
    JournalWriter(directory_)
        .append(WarningRecord{
            0, std::to_string(end.report->left_running) + " processes outlived the worker and were ended"});
  }
  if (outcomes_in(records) > outcomes_before_) return ExecutionEnd::recorded;
  const bool noted = ends_with_interruption(records);
  const ExecutionVerdict verdict = verdict_of(end, {worker(last.rank), (directory_ / "worker.log").string()},
                                              read_progress(directory_), noted, unix_seconds());
  if (const auto* impossible = std::get_if<Impossible>(&verdict)) {
    message_ = impossible->message;
    return ExecutionEnd::impossible;
  }
  if (const auto* outcome = std::get_if<OutcomeRecord>(&verdict)) {
    JournalWriter(directory_).append(*outcome);
    return ExecutionEnd::recorded;
  }
  interruption_ =
      noted ? std::get<InterruptionRecord>(records.back()) : std::get<InterruptionRecord>(verdict);
  message_ = interruption_->message;
  if (interruption_->kind == Interruption::killed) JournalWriter(directory_).append(*interruption_);
  return ExecutionEnd::interrupted;
}

void TrialExecution::give_up(int64_t kills) {
  JournalWriter(directory_).append(killed_outcome(interruption_.value(), kills));
}

}  // namespace timetrial
