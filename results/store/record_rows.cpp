#include "results/store/record_rows.h"

#include <nlohmann/json.hpp>

#include "results/store/facts.h"
#include "results/store/metric_columns.h"

namespace timetrial {

namespace {

void add_row(Database& database, const RecordPlace& place, const StartRecord& record) {
  const int64_t build = find_or_add_facts(database, "builds", record.provenance);
  const int64_t machine = find_or_add_facts(database, "machines", record.machine);
  Statement(database,
            "INSERT INTO attempts (trial_id, ordinal, attempt, unix_seconds, resumed_from_step, "
            "resumed_at_seconds, "
            "lost_seconds, gap_wall_seconds, data_set_id, build_id, machine_id, timer_overhead_seconds, "
            "fingerprint, isolation) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)")
      .bind(place.trial_id, place.ordinal, record.attempt, record.unix_seconds, record.resumed_from_step,
            record.resumed_at_seconds, record.lost_seconds, record.gap_wall_seconds, record.data_set_id,
            build, machine, record.timer_overhead_seconds, record.fingerprint, record.isolation)
      .run();
  const int64_t attempt = database.last_insert_id();
  Statement(
      database,
      "UPDATE evaluations SET superseded_by = ?2 WHERE trial_id = ?1 AND step > ?3 AND superseded_by IS NULL")
      .bind(place.trial_id, attempt, record.resumed_from_step)
      .run();
}

void add_row(Database& database, const RecordPlace& place, const EvaluationRecord& record) {
  const MetricColumns metrics = metric_columns(record.metrics, place.metric);
  Statement(database,
            "INSERT INTO evaluations (trial_id, ordinal, step, submission_seconds, evaluation_seconds, "
            "logging_seconds, wall_seconds, training_loss, validation, test, more_metrics, measured) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")
      .bind(place.trial_id, place.ordinal, record.step, record.submission_seconds, record.evaluation_seconds,
            record.logging_seconds, record.wall_seconds, record.training_loss, metrics.validation,
            metrics.test, metrics.others, metrics.measured)
      .run();
}

void add_row(Database& database, const RecordPlace& place, const CheckpointRecord& record) {
  Statement(database,
            "INSERT INTO checkpoints (trial_id, ordinal, step, submission_seconds, file, bytes, crc32) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
      .bind(place.trial_id, place.ordinal, record.step, record.submission_seconds, record.file, record.bytes,
            record.crc32)
      .run();
}

void add_row(Database& database, const RecordPlace& place, const WarningRecord& record) {
  Statement(database, "INSERT INTO warnings (trial_id, ordinal, step, message) VALUES (?1, ?2, ?3, ?4)")
      .bind(place.trial_id, place.ordinal, record.step, record.message)
      .run();
}

void add_row(Database& database, const RecordPlace& place, const OutcomeRecord& record) {
  Statement(
      database,
      "INSERT INTO outcomes (trial_id, ordinal, outcome, message, step, submission_seconds, unix_seconds, "
      "clock_startup, clock_submission, clock_evaluation, clock_logging, clock_checkpoint, clock_residual, "
      "clock_wall, parameters_hash, peak_memory_bytes, peak_device_memory_bytes, clock_data_wait) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)")
      .bind(place.trial_id, place.ordinal, to_string(record.outcome), record.message, record.step,
            record.submission_seconds, record.unix_seconds, record.clock.startup, record.clock.submission,
            record.clock.evaluation, record.clock.logging, record.clock.checkpoint, record.clock.residual,
            record.clock.wall, record.parameters_hash, record.peak_memory_bytes,
            record.peak_device_memory_bytes, record.clock.data_wait)
      .run();
}

void add_row(Database& database, const RecordPlace& place, const StepTimesRecord& record) {
  Statement(database,
            "INSERT INTO step_times (trial_id, ordinal, sampled_steps, data_wait, host_to_device, forward, "
            "backward, gradient_averaging, \"update\", residual, step) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")
      .bind(place.trial_id, place.ordinal, record.sampled_steps, record.data_wait, record.host_to_device,
            record.forward, record.backward, record.gradient_averaging, record.update, record.residual,
            record.step)
      .run();
}

void add_row(Database& database, const RecordPlace& place, const MemoryRecord& record) {
  Statement(database,
            "INSERT INTO memory (trial_id, ordinal, host_allocator, huge_pages, host_reserved_bytes, "
            "device_reserved_bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
      .bind(place.trial_id, place.ordinal, record.host_allocator, int64_t{record.huge_pages},
            record.host_reserved_bytes, record.device_reserved_bytes)
      .run();
  for (const auto& [phase, peak] : record.phases) {
    Statement(database,
              "INSERT INTO memory_peaks (trial_id, ordinal, phase, resident_bytes, host_bytes, device_bytes) "
              "VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .bind(place.trial_id, place.ordinal, phase, peak.resident, peak.host, peak.device)
        .run();
  }
}

void add_row(Database& database, const RecordPlace& place, const SyncAuditRecord& record) {
  Statement(database, "INSERT INTO sync_audits (trial_id, ordinal, steps, method) VALUES (?1, ?2, ?3, ?4)")
      .bind(place.trial_id, place.ordinal, record.steps, record.method)
      .run();
  for (std::size_t i = 0; i < record.places.size(); ++i) {
    const SyncPlace& found = record.places[i];
    Statement(database,
              "INSERT INTO sync_places (trial_id, ordinal, place, hook, operation, stack, count, seconds) "
              "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
        .bind(place.trial_id, place.ordinal, static_cast<int64_t>(i), found.hook, found.operation,
              found.stack, found.count, found.seconds)
        .run();
  }
}

void add_row(Database& database, const RecordPlace& place, const MachineSamplesRecord& record) {
  Statement(database,
            "INSERT INTO machine_samples (trial_id, ordinal, samples, period_seconds, sampling_seconds, "
            "throttle_reasons) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
      .bind(place.trial_id, place.ordinal, record.samples, record.period_seconds, record.sampling_seconds,
            nlohmann::json(record.throttle_reasons).dump())
      .run();
  for (const auto& [quantity, range] : record.quantities) {
    Statement(database,
              "INSERT INTO machine_quantities (trial_id, ordinal, quantity, minimum, median, maximum) "
              "VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .bind(place.trial_id, place.ordinal, quantity, range.minimum, range.median, range.maximum)
        .run();
  }
}

void add_row(Database& database, const RecordPlace& place, const ReferenceTimesRecord& record) {
  Statement(database,
            "INSERT INTO reference_times (trial_id, ordinal, moment, seconds, spent_seconds) "
            "VALUES (?1, ?2, ?3, ?4, ?5)")
      .bind(place.trial_id, place.ordinal, record.moment, nlohmann::json(record.seconds).dump(),
            record.spent_seconds)
      .run();
}

void add_row(Database& database, const RecordPlace& place, const InterruptionRecord& record) {
  Statement(database,
            "INSERT INTO interruptions (trial_id, ordinal, kind, signal, sender, message, step, "
            "submission_seconds, unix_seconds) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
      .bind(place.trial_id, place.ordinal, to_string(record.kind), record.signal, record.by, record.message,
            record.step, record.submission_seconds, record.unix_seconds)
      .run();
}

void add_row(Database& database, const RecordPlace& place, const ExhibitRecord& record) {
  Statement(database,
            "INSERT INTO exhibits (trial_id, ordinal, step, kind, content) VALUES (?1, ?2, ?3, ?4, ?5)")
      .bind(place.trial_id, place.ordinal, record.step, record.kind, record.content)
      .run();
}

}  // namespace

void add_record_row(Database& database, const RecordPlace& place, const JournalRecord& record) {
  std::visit([&](const auto& alternative) { add_row(database, place, alternative); }, record);
}

}  // namespace timetrial
