#include "results/store/trial_reader.h"

#include <unordered_map>
#include <utility>

#include <nlohmann/json.hpp>

#include "results/store/facts.h"
#include "results/store/metric_columns.h"

namespace timetrial {

namespace {

using TrialsById = std::unordered_map<int64_t, TrialResult*>;

std::vector<TrialResult> read_specs(Database& database) {
  std::vector<TrialResult> trials;
  Statement rows(database,
                 "SELECT s.trial_id, json_patch(e.spec, s.spec), s.directory FROM trial_sources s JOIN "
                 "trials t ON t.id = s.trial_id JOIN entries e ON e.id = t.entry_id ORDER BY s.trial_id");
  while (rows.step()) {
    TrialResult trial;
    trial.id = rows.integer(0);
    trial.spec =
        trial_spec_from_json(rows.text(1), database.file().string() + ", trial " + std::to_string(trial.id));
    trial.directory = rows.text(2);
    trials.push_back(std::move(trial));
  }
  return trials;
}

void read_attempts(Database& database, const TrialsById& trials) {
  Statement rows(
      database,
      "SELECT a.trial_id, a.attempt, a.unix_seconds, a.resumed_from_step, a.resumed_at_seconds, "
      "a.lost_seconds, a.gap_wall_seconds, a.data_set_id, b.facts, m.facts, a.timer_overhead_seconds, "
      "a.fingerprint, a.isolation "
      "FROM attempts a JOIN builds b ON b.id = a.build_id JOIN machines m ON m.id = a.machine_id "
      "ORDER BY a.trial_id, a.ordinal");
  while (rows.step()) {
    StartRecord record;
    record.attempt = rows.integer(1);
    record.unix_seconds = rows.real(2);
    record.resumed_from_step = rows.integer(3);
    record.resumed_at_seconds = rows.real(4);
    record.lost_seconds = rows.real(5);
    record.gap_wall_seconds = rows.real(6);
    record.data_set_id = rows.text(7);
    record.provenance = facts_from(rows.text(8));
    record.machine = facts_from(rows.text(9));
    record.timer_overhead_seconds = rows.real(10);
    record.fingerprint = rows.text(11);
    record.isolation = rows.text(12);
    trials.at(rows.integer(0))->starts.push_back(std::move(record));
  }
}

void read_evaluations(Database& database, const TrialsById& trials) {
  Statement rows(
      database,
      "SELECT trial_id, step, submission_seconds, evaluation_seconds, logging_seconds, wall_seconds, "
      "training_loss, validation, test, more_metrics, measured FROM evaluations WHERE superseded_by IS NULL "
      "ORDER BY trial_id, ordinal");
  while (rows.step()) {
    TrialResult& trial = *trials.at(rows.integer(0));
    EvaluationRecord record;
    record.step = rows.integer(1);
    record.submission_seconds = rows.real(2);
    record.evaluation_seconds = rows.real(3);
    record.logging_seconds = rows.real(4);
    record.wall_seconds = rows.real(5);
    record.training_loss = rows.real(6);
    MetricColumns metrics{rows.real(7), rows.real(8), std::nullopt, rows.integer(10)};
    if (!rows.is_null(9)) metrics.others = rows.text(9);
    record.metrics = metrics_from(metrics, trial.spec.target.metric);
    trial.evaluations.push_back(std::move(record));
  }
}

void read_warnings(Database& database, const TrialsById& trials) {
  Statement rows(database, "SELECT trial_id, message FROM warnings ORDER BY trial_id, ordinal");
  while (rows.step()) trials.at(rows.integer(0))->warnings.push_back(rows.text(1));
}

void read_interruptions(Database& database, const TrialsById& trials) {
  Statement rows(database,
                 "SELECT trial_id, kind, signal, sender, message, step, submission_seconds, unix_seconds "
                 "FROM interruptions ORDER BY trial_id, ordinal");
  while (rows.step()) {
    InterruptionRecord record;
    record.kind = interruption_from_string(rows.text(1));
    record.signal = rows.integer(2);
    record.by = rows.text(3);
    record.message = rows.text(4);
    record.step = rows.integer(5);
    record.submission_seconds = rows.real(6);
    record.unix_seconds = rows.real(7);
    trials.at(rows.integer(0))->interruptions.push_back(std::move(record));
  }
}

void read_outcomes(Database& database, const TrialsById& trials) {
  Statement rows(
      database,
      "SELECT o.trial_id, o.outcome, o.message, o.step, o.submission_seconds, o.unix_seconds, "
      "o.clock_startup, o.clock_submission, o.clock_evaluation, o.clock_logging, o.clock_checkpoint, "
      "o.clock_residual, o.clock_wall, o.parameters_hash, o.peak_memory_bytes, o.peak_device_memory_bytes, "
      "ifnull(o.clock_data_wait, 0) "
      "FROM outcomes o WHERE NOT EXISTS (SELECT 1 FROM attempts a WHERE a.trial_id = o.trial_id AND "
      "a.ordinal > "
      "o.ordinal) ORDER BY o.trial_id, o.ordinal");
  while (rows.step()) {
    OutcomeRecord record;
    record.outcome = outcome_from_string(rows.text(1));
    record.message = rows.text(2);
    record.step = rows.integer(3);
    record.submission_seconds = rows.real(4);
    record.unix_seconds = rows.real(5);
    record.clock = {rows.real(6), rows.real(7),  rows.real(16), rows.real(8),
                    rows.real(9), rows.real(10), rows.real(11), rows.real(12)};
    record.parameters_hash = rows.text(13);
    record.peak_memory_bytes = rows.integer(14);
    record.peak_device_memory_bytes = rows.integer(15);
    trials.at(rows.integer(0))->outcome = {std::move(record)};  // the newest one stands
  }
}

void read_step_times(Database& database, const TrialsById& trials) {
  Statement rows(database,
                 "SELECT trial_id, sampled_steps, data_wait, host_to_device, forward, backward, "
                 "gradient_averaging, \"update\", residual, step FROM step_times ORDER BY trial_id, ordinal");
  while (rows.step()) {
    trials.at(rows.integer(0))
        ->step_times.push_back({rows.integer(1), rows.real(2), rows.real(3), rows.real(4), rows.real(5),
                                rows.real(6), rows.real(7), rows.real(8), rows.real(9)});
  }
}

// Of rows that join records with their parts, sorted by their first two columns, the trial and the record's
// ordinal.
class RecordBoundary {
 public:
  // Whether a row belongs to another record than the row before it.
  bool crossed_by(const Statement& row) {
    const std::pair<int64_t, int64_t> record{row.integer(0), row.integer(1)};
    return std::exchange(last_, record) != record;
  }

 private:
  std::pair<int64_t, int64_t> last_{-1, -1};
};

void read_memory(Database& database, const TrialsById& trials) {
  Statement rows(
      database,
      "SELECT m.trial_id, m.ordinal, m.host_allocator, m.huge_pages, m.host_reserved_bytes, "
      "m.device_reserved_bytes, p.phase, p.resident_bytes, p.host_bytes, p.device_bytes "
      "FROM memory m LEFT JOIN memory_peaks p ON p.trial_id = m.trial_id AND p.ordinal = m.ordinal "
      "ORDER BY m.trial_id, m.ordinal");
  RecordBoundary boundary;
  while (rows.step()) {
    std::vector<MemoryRecord>& records = trials.at(rows.integer(0))->memory;
    if (boundary.crossed_by(rows)) {
      records.push_back({rows.text(2), rows.integer(3) != 0, rows.integer(4), rows.integer(5), {}});
    }
    if (!rows.is_null(6)) {
      records.back().phases[rows.text(6)] = {rows.integer(7), rows.integer(8), rows.integer(9)};
    }
  }
}

void read_sync_audits(Database& database, const TrialsById& trials) {
  Statement rows(database,
                 "SELECT a.trial_id, a.ordinal, a.steps, a.method, p.hook, p.operation, p.stack, p.count, "
                 "p.seconds FROM sync_audits a LEFT JOIN sync_places p ON p.trial_id = a.trial_id AND "
                 "p.ordinal = a.ordinal ORDER BY a.trial_id, a.ordinal, p.place");
  RecordBoundary boundary;
  while (rows.step()) {
    std::vector<SyncAuditRecord>& records = trials.at(rows.integer(0))->sync_audits;
    if (boundary.crossed_by(rows)) {
      records.push_back({rows.integer(2), rows.text(3), {}});
    }
    if (!rows.is_null(4)) {
      records.back().places.push_back(
          {rows.text(4), rows.text(5), rows.text(6), rows.integer(7), rows.real(8)});
    }
  }
}

void read_machine_samples(Database& database, const TrialsById& trials) {
  Statement rows(database,
                 "SELECT s.trial_id, s.ordinal, s.samples, s.period_seconds, s.sampling_seconds, "
                 "s.throttle_reasons, q.quantity, q.minimum, q.median, q.maximum FROM machine_samples s "
                 "LEFT JOIN machine_quantities q ON q.trial_id = s.trial_id AND q.ordinal = s.ordinal "
                 "ORDER BY s.trial_id, s.ordinal");
  RecordBoundary boundary;
  while (rows.step()) {
    std::vector<MachineSamplesRecord>& records = trials.at(rows.integer(0))->machine_samples;
    if (boundary.crossed_by(rows)) {
      records.push_back({rows.integer(2),
                         rows.real(3),
                         rows.real(4),
                         {},
                         nlohmann::json::parse(rows.text(5)).get<std::vector<std::string>>()});
    }
    if (!rows.is_null(6))
      records.back().quantities[rows.text(6)] = {rows.real(7), rows.real(8), rows.real(9)};
  }
}

void read_reference_times(Database& database, const TrialsById& trials) {
  Statement rows(database,
                 "SELECT trial_id, moment, seconds, spent_seconds FROM reference_times "
                 "ORDER BY trial_id, ordinal");
  while (rows.step()) {
    trials.at(rows.integer(0))
        ->reference_times.push_back({rows.text(1),
                                     nlohmann::json::parse(rows.text(2)).get<std::map<std::string, double>>(),
                                     rows.real(3)});
  }
}

void read_exhibits(Database& database, const TrialsById& trials) {
  Statement rows(database, "SELECT trial_id, step, kind, content FROM exhibits ORDER BY trial_id, ordinal");
  while (rows.step())
    trials.at(rows.integer(0))->exhibits.push_back({rows.integer(1), rows.text(2), rows.text(3)});
}

}  // namespace

std::vector<TrialResult> read_trials(Database& database) {
  const Transaction snapshot(database, Transaction::Kind::read);
  std::vector<TrialResult> trials = read_specs(database);
  TrialsById by_id;
  for (TrialResult& trial : trials) by_id[trial.id] = &trial;
  read_attempts(database, by_id);
  read_evaluations(database, by_id);
  read_warnings(database, by_id);
  read_interruptions(database, by_id);
  read_outcomes(database, by_id);
  read_step_times(database, by_id);
  read_memory(database, by_id);
  read_sync_audits(database, by_id);
  read_machine_samples(database, by_id);
  read_reference_times(database, by_id);
  read_exhibits(database, by_id);
  return trials;
}

}  // namespace timetrial
