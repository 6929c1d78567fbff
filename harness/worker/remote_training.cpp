#include "harness/worker/remote_training.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "harness/device/device.h"
#include "harness/errors/user_error.h"
#include "harness/isolation/process_tree.h"
#include "harness/journal/worker_exit.h"
#include "harness/worker/checkpoint.h"
#include "harness/worker/evaluated_model.h"
#include "harness/worker/strict_calls.h"
#include "harness/worker/submission_library.h"

namespace timetrial {

namespace {

using nlohmann::json;

// Longer than one call of the submission may hang: then the trainer itself says which.
constexpr double kPatienceSeconds = 60;
constexpr double kStopSeconds = 30;
// A journal is no place for a submission to write books in.
constexpr int64_t kMostRecords = 1000;
constexpr double kLookSeconds = 0.1;

// What the trainer says is the submission's doing: none of it may look like a fault of the harness.
template <typename Read>
auto understood(Read&& read) {
  try {
    return read();
  } catch (const UserError& error) {
    throw SubmissionError("update",
                          std::string("its process said what cannot be understood: ") + error.what());
  }
}

}  // namespace

RemoteTraining::RemoteTraining(const Parts& parts)
    : parts_(parts),
      tensors_(tensors_of_model(parts.workload)),
      parameters_(parts.workload.parameters()),
      records_left_(kMostRecords),
      best_(std::numeric_limits<double>::quiet_NaN()) {
  stop_trainer();
}

void RemoteTraining::stop_trainer() {
  stopped_ = stop_processes_below(parts_.launcher, ::getpid(), kStopSeconds);
}

void RemoteTraining::let_run() {
  continue_processes(stopped_);
  stopped_.clear();
}

StartRecord RemoteTraining::start() {
  ask({{"call", "start"}}, "ready", std::numeric_limits<double>::infinity(), Clock::stands);
  if (!start_)
    throw UserError({"the trainer has not told how it started", "a message of the trainer", "", ""});
  return *start_;
}

RemoteTraining::Heard RemoteTraining::next_message(double until) {
  while (true) {
    if (parts_.stop.asked.load()) parts_.shared.stop_flag().store(true);
    const std::optional<Message> sent = understood([&] { return parts_.trainer.receive(kLookSeconds); });
    if (sent) return {understood([&] { return parse_message(sent->text); }), *sent};
    if (steady_seconds() < until) continue;
    OutcomeRecord hung;
    hung.outcome = Outcome::hung;
    hung.message = "the submission's process did not answer, though its calls may take " +
                   std::to_string(static_cast<int>(parts_.spec.stall_limit_seconds)) +
                   " s only. To cure it: look for a call that ends or stops threads of the harness";
    throw TrainerFailed{hung};
  }
}

bool RemoteTraining::note_record(const json& message) {
  if (const auto problem = message.find("problem"); problem != message.end()) {
    const std::string text = problem->is_string() ? problem->get<std::string>() : problem->dump();
    if (message.value("of_harness", json()) == true) throw std::runtime_error("in the trainer: " + text);
    throw TrainerProblem({text, "", "", ""});
  }
  if (!message.contains("record")) return false;
  if (--records_left_ < 0) throw SubmissionError("update", "its process wrote more records than a trial has");
  const json& text = message.at("record");
  const JournalRecord record =
      understood([&] { return record_from_json(text.is_string() ? text.get<std::string>() : ""); });
  if (const auto* outcome = std::get_if<OutcomeRecord>(&record)) throw TrainerFailed{*outcome};
  if (const auto* start = std::get_if<StartRecord>(&record)) {
    start_ = *start;
  } else if (const auto* memory = std::get_if<MemoryRecord>(&record)) {
    memory_ = *memory;
    parts_.journal.append(record);
  } else if (std::holds_alternative<StepTimesRecord>(record) ||
             std::holds_alternative<SyncAuditRecord>(record) ||
             std::holds_alternative<WarningRecord>(record)) {
    parts_.journal.append(record);
  } else {
    throw SubmissionError("update", "its process wrote a record that is not its to write");
  }
  return true;
}

RemoteTraining::Answer RemoteTraining::ask(const json& call, const std::string& expected,
                                           double patience_seconds, Clock clock) {
  parts_.trainer.send(call.dump());
  const double begin = steady_seconds();
  if (clock == Clock::runs) parts_.ledger.enter(Phase::submission, begin);
  let_run();
  while (true) {
    Heard heard = next_message(begin + patience_seconds);
    if (note_record(heard.message)) continue;
    stop_trainer();
    if (clock == Clock::runs) parts_.ledger.enter(Phase::residual, heard.as_sent.sent_at);
    if (heard.message.value("answer", json()) != expected)
      throw SubmissionError("update", "its process answered " + heard.as_sent.text.substr(0, 80) + " to " +
                                          call.value("call", ""));
    heard.message.erase("answer");
    return {std::move(heard.message), heard.as_sent.sent_at - begin};
  }
}

StretchEnd RemoteTraining::train(TrialBudget& budget, StepSurroundings& surroundings,
                                 double checkpoint_at_seconds) {
  const double begin = surroundings.clock.elapsed_seconds;
  TrainCall call{begin, checkpoint_at_seconds, best_, budget.state(), {}};
  call.evaluations.assign(surroundings.evaluations.begin() + static_cast<std::ptrdiff_t>(evaluations_told_),
                          surroundings.evaluations.end());
  evaluations_told_ = surroundings.evaluations.size();
  for (const EvaluationResult& evaluation : call.evaluations) note_best(evaluation);
  call.best = best_;
  const double due = std::min(budget.seconds_until_due(begin), std::max(0.0, checkpoint_at_seconds - begin));
  const Answer answer =
      ask(to_json(call), "stretch", due + parts_.spec.stall_limit_seconds + kPatienceSeconds);
  const StretchAnswer told = understood([&] { return stretch_answer_from(answer.fields); });
  StretchEnd end = told.end;
  end.seconds = answer.seconds;
  surroundings.clock.elapsed_seconds = begin + end.seconds;
  if (end.step <= step_)
    throw SubmissionError("update", "its process made no step: " + std::to_string(end.step) + " after " +
                                        std::to_string(step_));
  step_ = end.step;
  data_wait_seconds_ = told.data_wait_seconds;
  // This clock is never behind the trainer's: what is due there is due here.
  const TrialBudget::Next due_here =
      budget.after_step(end.step, begin + end.seconds, end.finished_by_submission);
  if (due_here == TrialBudget::Next::stop) end.next = TrialBudget::Next::stop;
  if (due_here == TrialBudget::Next::train && end.next != TrialBudget::Next::train)
    throw SubmissionError("update", "its process asked for an evaluation before one was due");
  if (end.next == TrialBudget::Next::stop && due_here != TrialBudget::Next::stop)
    throw SubmissionError("update", "its process ended the training before the budget did");
  parts_.shared.take(tensors_);
  return end;
}

double RemoteTraining::resume() {
  return ask({{"call", "resume_training"}}, "done", parts_.spec.stall_limit_seconds + kPatienceSeconds)
      .seconds;
}

void RemoteTraining::note_best(const EvaluationResult& evaluation) {
  const MetricTarget& target = parts_.spec.target;
  const auto found = evaluation.metrics.find("validation/" + target.metric);
  if (found != evaluation.metrics.end() && (std::isnan(best_) || target.reached(found->second, best_)))
    best_ = found->second;
}

std::string RemoteTraining::first_non_finite_parameter() {
  return timetrial::first_non_finite_parameter(parameters_);
}

std::map<std::string, double> RemoteTraining::evaluate() {
  return evaluate_all_splits(parts_.workload);
}

CheckpointRecord RemoteTraining::save(double submission_seconds) {
  const Answer answer = ask({{"call", "save"}}, "done", parts_.spec.stall_limit_seconds + kPatienceSeconds);
  const std::filesystem::path archive = parts_.trial_directory / kScratchFolder / kArchiveName;
  if (!std::filesystem::is_regular_file(std::filesystem::symlink_status(archive)))
    throw SubmissionError("save", "its process left no checkpoint in " + archive.string());
  return keep_archive(archive, stamp_of_archive(archive), parts_.trial_directory, step_,
                      submission_seconds + answer.seconds);
}

void RemoteTraining::restore(const CheckpointRecord& record) {
  ask({{"call", "restore"}, {"file", record.file}}, "done", std::numeric_limits<double>::infinity(),
      Clock::stands);
  step_ = record.step;
}

void RemoteTraining::end() {
  try {
    parts_.trainer.send(json({{"call", "end"}}).dump());
    let_run();
    const double until = steady_seconds() + parts_.spec.stall_limit_seconds + kPatienceSeconds;
    while (true) note_record(next_message(until).message);
  } catch (const PeerGone&) {
  } catch (const TrainerFailed&) {  // how the trial ends is decided already
  } catch (const TrainerProblem&) {
  } catch (const SubmissionError&) {
  }
}

}  // namespace timetrial
