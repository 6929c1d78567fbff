#include "results/exchange/imported_records.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace timetrial {

namespace {

// Where an evaluation stands that no restart has superseded.
struct Reached {
  int64_t step = 0;
  double seconds = 0;
};

bool goes_back(const Reached& earlier, const EvaluationRecord& later) {
  return later.step < earlier.step ||
         (later.step == earlier.step && later.submission_seconds < earlier.seconds);
}

// `kept` loses the stretch that is run again.
StartRecord resume_at(const EvaluationRecord& first, const StartRecord& start, int64_t attempt,
                      std::vector<Reached>& kept) {
  StartRecord resumed = start;
  resumed.attempt = attempt;
  const double reached = kept.back().seconds;
  while (!kept.empty() && kept.back().step >= first.step) kept.pop_back();
  if (!kept.empty()) {
    resumed.resumed_from_step = kept.back().step;
    resumed.resumed_at_seconds = kept.back().seconds;
  }
  resumed.lost_seconds = std::max(0.0, reached - resumed.resumed_at_seconds);
  return resumed;
}

std::vector<const EvaluationRecord*> standing_evaluations(const std::vector<JournalRecord>& records) {
  std::vector<const EvaluationRecord*> standing;
  for (const JournalRecord& record : records) {
    if (const auto* evaluation = std::get_if<EvaluationRecord>(&record)) standing.push_back(evaluation);
    if (const auto* start = std::get_if<StartRecord>(&record)) {
      while (!standing.empty() && standing.back()->step > start->resumed_from_step) standing.pop_back();
    }
  }
  return standing;
}

bool completes_both_targets(const std::vector<const EvaluationRecord*>& evaluations,
                            const MetricTarget& target) {
  const std::string validation_name = "validation/" + target.metric;
  const std::string test_name = "test/" + target.metric;
  // NaN, which reaches nothing, where it was not measured
  const auto value = [](const EvaluationRecord& evaluation, const std::string& name) {
    const auto found = evaluation.metrics.find(name);
    return found != evaluation.metrics.end() ? found->second : std::numeric_limits<double>::quiet_NaN();
  };
  bool validation = false;
  bool test = false;
  for (const EvaluationRecord* evaluation : evaluations) {
    if (validation && test) return false;  // it went on after that
    validation = validation || target.reached(value(*evaluation, validation_name), target.validation);
    test = test || target.test_reached(value(*evaluation, test_name));
  }
  return validation && test;
}

}  // namespace

std::vector<JournalRecord> imported_records(const StartRecord& start,
                                            std::vector<EvaluationRecord> evaluations,
                                            const std::string& where, ImportProblems& problems) {
  std::vector<JournalRecord> records;
  records.reserve(evaluations.size() + 2);
  records.emplace_back(start);
  std::vector<Reached> kept;
  kept.reserve(evaluations.size());
  int64_t attempt = start.attempt;
  for (EvaluationRecord& evaluation : evaluations) {
    if (!kept.empty() && goes_back(kept.back(), evaluation)) {
      problems.push_back({ProblemKind::restart, where,
                          fmt::format("step {} follows step {}", evaluation.step, kept.back().step)});
      records.emplace_back(resume_at(evaluation, start, ++attempt, kept));
    } else if (!kept.empty() && evaluation.submission_seconds < kept.back().seconds) {
      problems.push_back({ProblemKind::clock_went_back, where,
                          fmt::format("{} s at step {} follow {} s at step {}", evaluation.submission_seconds,
                                      evaluation.step, kept.back().seconds, kept.back().step)});
    }
    kept.push_back({evaluation.step, evaluation.submission_seconds});
    records.emplace_back(std::move(evaluation));
  }
  return records;
}

std::optional<Outcome> concluded_outcome(const std::vector<JournalRecord>& records, const TrialSpec& spec) {
  const std::vector<const EvaluationRecord*> evaluations = standing_evaluations(records);
  if (evaluations.empty()) return std::nullopt;
  if (completes_both_targets(evaluations, spec.target)) return Outcome::target_reached;
  if (evaluations.back()->submission_seconds >= spec.budget_seconds - spec.evaluation_period_seconds) {
    return Outcome::budget_exhausted;
  }
  return std::nullopt;
}

OutcomeRecord imported_outcome(const std::vector<JournalRecord>& records, Outcome outcome) {
  OutcomeRecord record;
  record.outcome = outcome;
  record.message = "concluded on import";
  const std::vector<const EvaluationRecord*> evaluations = standing_evaluations(records);
  if (evaluations.empty()) return record;
  const EvaluationRecord& last = *evaluations.back();
  record.step = last.step;
  record.submission_seconds = last.submission_seconds;
  record.clock.submission = last.submission_seconds;
  record.clock.evaluation = last.evaluation_seconds;
  record.clock.logging = last.logging_seconds;
  const double parts = last.submission_seconds + last.evaluation_seconds + last.logging_seconds;
  record.clock.wall = std::max(parts, last.wall_seconds);
  record.clock.residual = record.clock.wall - parts;
  return record;
}

}  // namespace timetrial
