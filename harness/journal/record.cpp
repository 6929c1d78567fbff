#include "harness/journal/record.h"

#include <array>

#include "harness/journal/json_fields.h"
#include "harness/journal/measurement_json.h"

namespace timetrial {

namespace {

using nlohmann::json;

constexpr std::array<std::pair<Outcome, const char*>, 12> kOutcomes = {{
    {Outcome::target_reached, "target_reached"},
    {Outcome::budget_exhausted, "budget_exhausted"},
    {Outcome::step_limit, "step_limit"},
    {Outcome::finished_by_submission, "finished_by_submission"},
    {Outcome::futile, "futile"},
    {Outcome::diverged, "diverged"},
    {Outcome::failed, "failed"},
    {Outcome::hung, "hung"},
    {Outcome::crashed, "crashed"},
    {Outcome::out_of_memory, "out_of_memory"},
    {Outcome::killed, "killed"},
    {Outcome::harness_error, "harness_error"},
}};

constexpr std::array<std::pair<Interruption, const char*>, 3> kInterruptions = {{
    {Interruption::stopped, "stopped"},
    {Interruption::preempted, "preempted"},
    {Interruption::killed, "killed"},
}};

std::map<std::string, std::string> texts_from_json(const json& object, const std::string& where) {
  std::map<std::string, std::string> texts;
  for (const auto& [name, value] : object.items()) {
    if (!value.is_string())
      throw UserError({"\"" + name + "\" must be a string", where, value.dump(), "none"});
    texts[name] = value.get<std::string>();
  }
  return texts;
}

json to_json(const StartRecord& record) {
  return {{"type", "start"},
          {"attempt", record.attempt},
          {"unix_seconds", record.unix_seconds},
          {"resumed_from_step", record.resumed_from_step},
          {"resumed_at_seconds", record.resumed_at_seconds},
          {"lost_seconds", record.lost_seconds},
          {"gap_wall_seconds", record.gap_wall_seconds},
          {"data_set_id", record.data_set_id},
          {"provenance", record.provenance},
          {"machine", record.machine},
          {"timer_overhead_seconds", record.timer_overhead_seconds},
          {"fingerprint", record.fingerprint},
          {"isolation", record.isolation}};
}

StartRecord start_from(JsonFields& fields) {
  StartRecord record;
  record.attempt = fields.integer("attempt");
  record.unix_seconds = fields.number("unix_seconds");
  record.resumed_from_step = fields.integer("resumed_from_step");
  record.resumed_at_seconds = fields.number("resumed_at_seconds");
  record.lost_seconds = fields.number("lost_seconds");
  record.gap_wall_seconds = fields.number("gap_wall_seconds");
  record.data_set_id = fields.text("data_set_id");
  record.provenance = texts_from_json(fields.object("provenance"), "provenance");
  record.machine = texts_from_json(fields.object("machine"), "machine");
  record.timer_overhead_seconds = fields.number("timer_overhead_seconds");
  if (fields.has("fingerprint"))
    record.fingerprint = fields.text("fingerprint");  // journals before it was taken
  if (fields.has("isolation")) record.isolation = fields.text("isolation");
  return record;
}

json to_json(const EvaluationRecord& record) {
  json metrics = json::object();
  for (const auto& [name, value] : record.metrics) metrics[name] = number_to_json(value);
  return {{"type", "evaluation"},
          {"step", record.step},
          {"submission_seconds", record.submission_seconds},
          {"evaluation_seconds", record.evaluation_seconds},
          {"logging_seconds", record.logging_seconds},
          {"wall_seconds", record.wall_seconds},
          {"training_loss", number_to_json(record.training_loss)},
          {"metrics", metrics}};
}

std::map<std::string, double> numbers_of(JsonFields& fields, const std::string& field,
                                         const std::string& where) {
  std::map<std::string, double> numbers;
  for (const auto& [name, value] : fields.object(field).items()) {
    if (number_from_json(value, numbers[name])) continue;
    throw UserError({"\"" + name + "\" of " + field + " must be a number", where, value.dump(), "none"});
  }
  return numbers;
}

EvaluationRecord evaluation_from(JsonFields& fields) {
  EvaluationRecord record;
  record.step = fields.integer("step");
  record.submission_seconds = fields.number("submission_seconds");
  record.evaluation_seconds = fields.number("evaluation_seconds");
  record.logging_seconds = fields.number("logging_seconds");
  record.wall_seconds = fields.number("wall_seconds");
  record.training_loss = fields.number("training_loss");
  record.metrics = numbers_of(fields, "metrics", "evaluation record");
  return record;
}

json to_json(const CheckpointRecord& record) {
  json loop = json::object();
  for (const auto& [name, value] : record.loop) loop[name] = number_to_json(value);
  return {{"type", "checkpoint"}, {"step", record.step},   {"submission_seconds", record.submission_seconds},
          {"file", record.file},  {"bytes", record.bytes}, {"crc32", record.crc32},
          {"loop", loop}};
}

CheckpointRecord checkpoint_from(JsonFields& fields) {
  CheckpointRecord record;
  record.step = fields.integer("step");
  record.submission_seconds = fields.number("submission_seconds");
  record.file = fields.text("file");
  record.bytes = fields.integer("bytes");
  record.crc32 = fields.text("crc32");
  if (fields.has("loop")) record.loop = numbers_of(fields, "loop", "checkpoint record");  // not in older ones
  return record;
}

json to_json(const WarningRecord& record) {
  return {{"type", "warning"}, {"step", record.step}, {"message", record.message}};
}

WarningRecord warning_from(JsonFields& fields) {
  WarningRecord record;
  record.step = fields.integer("step");
  record.message = fields.text("message");
  return record;
}

json to_json(const OutcomeRecord& record) {
  return {{"type", "outcome"},
          {"outcome", to_string(record.outcome)},
          {"message", record.message},
          {"step", record.step},
          {"submission_seconds", record.submission_seconds},
          {"unix_seconds", record.unix_seconds},
          {"clock",
           {{"startup", record.clock.startup},
            {"submission", record.clock.submission},
            {"data_wait", record.clock.data_wait},
            {"evaluation", record.clock.evaluation},
            {"logging", record.clock.logging},
            {"checkpoint", record.clock.checkpoint},
            {"residual", record.clock.residual},
            {"wall", record.clock.wall}}},
          {"parameters_hash", record.parameters_hash},
          {"peak_memory_bytes", record.peak_memory_bytes},
          {"peak_device_memory_bytes", record.peak_device_memory_bytes}};
}

OutcomeRecord outcome_from(JsonFields& fields) {
  OutcomeRecord record;
  record.outcome = outcome_from_string(fields.text("outcome"));
  record.message = fields.text("message");
  record.step = fields.integer("step");
  record.submission_seconds = fields.number("submission_seconds");
  record.unix_seconds = fields.number("unix_seconds");
  JsonFields clock(fields.object("clock"), "clock");
  record.clock.startup = clock.number("startup");
  record.clock.submission = clock.number("submission");
  if (clock.has("data_wait"))
    record.clock.data_wait = clock.number("data_wait");  // journals before it was measured
  record.clock.evaluation = clock.number("evaluation");
  record.clock.logging = clock.number("logging");
  record.clock.checkpoint = clock.number("checkpoint");
  record.clock.residual = clock.number("residual");
  record.clock.wall = clock.number("wall");
  clock.finish();
  record.parameters_hash = fields.text("parameters_hash");
  record.peak_memory_bytes = fields.integer("peak_memory_bytes");
  record.peak_device_memory_bytes = fields.integer("peak_device_memory_bytes");
  return record;
}

json to_json(const InterruptionRecord& record) {
  return {{"type", "interruption"},
          {"kind", to_string(record.kind)},
          {"signal", record.signal},
          {"by", record.by},
          {"message", record.message},
          {"step", record.step},
          {"submission_seconds", record.submission_seconds},
          {"unix_seconds", record.unix_seconds}};
}

InterruptionRecord interruption_from(JsonFields& fields) {
  InterruptionRecord record;
  record.kind = interruption_from_string(fields.text("kind"));
  record.signal = fields.integer("signal");
  record.by = fields.text("by");
  record.message = fields.text("message");
  record.step = fields.integer("step");
  record.submission_seconds = fields.number("submission_seconds");
  record.unix_seconds = fields.number("unix_seconds");
  return record;
}

json to_json(const ExhibitRecord& record) {
  return {{"type", "exhibit"}, {"step", record.step}, {"kind", record.kind}, {"content", record.content}};
}

ExhibitRecord exhibit_from(JsonFields& fields) {
  ExhibitRecord record;
  record.step = fields.integer("step");
  record.kind = fields.text("kind");
  record.content = fields.text("content");
  return record;
}

template <typename Measurement>
auto to_json(const Measurement& record) -> decltype(measurement_to_json(record)) {
  return measurement_to_json(record);
}

JournalRecord record_from(const std::string& type, JsonFields& fields) {
  if (type == "start") return start_from(fields);
  if (type == "evaluation") return evaluation_from(fields);
  if (type == "checkpoint") return checkpoint_from(fields);
  if (type == "warning") return warning_from(fields);
  if (type == "outcome") return outcome_from(fields);
  if (type == "step_times") return step_times_from(fields);
  if (type == "memory") return memory_from(fields);
  if (type == "sync_audit") return sync_audit_from(fields);
  if (type == "machine_samples") return machine_samples_from(fields);
  if (type == "reference_times") return reference_times_from(fields);
  if (type == "interruption") return interruption_from(fields);
  if (type == "exhibit") return exhibit_from(fields);
  throw UserError(
      {"unknown record type", "journal", type, "read it with the version of timetrial that wrote it"});
}

}  // namespace

std::string to_string(Outcome outcome) {
  for (const auto& [value, name] : kOutcomes) {
    if (value == outcome) return name;
  }
  throw std::logic_error("an outcome has no name");
}

Outcome outcome_from_string(const std::string& text) {
  for (const auto& [value, name] : kOutcomes) {
    if (text == name) return value;
  }
  throw UserError(
      {"unknown outcome", "journal", text, "read it with the version of timetrial that wrote it"});
}

std::string to_string(Interruption kind) {
  for (const auto& [value, name] : kInterruptions) {
    if (value == kind) return name;
  }
  throw std::logic_error("an interruption has no name");
}

Interruption interruption_from_string(const std::string& text) {
  for (const auto& [value, name] : kInterruptions) {
    if (text == name) return value;
  }
  throw UserError(
      {"unknown interruption", "journal", text, "read it with the version of timetrial that wrote it"});
}

bool may_be_resumed(Outcome outcome) {
  return outcome == Outcome::killed || outcome == Outcome::harness_error;
}

bool is_trouble(Outcome outcome) {
  switch (outcome) {
    case Outcome::target_reached:
    case Outcome::budget_exhausted:
    case Outcome::step_limit:
    case Outcome::finished_by_submission:
    case Outcome::futile:
      return false;
    default:
      return true;
  }
}

std::string record_to_json(const JournalRecord& record) {
  const json object = std::visit([](const auto& held) { return to_json(held); }, record);
  // Messages may hold whatever a submission threw: bytes that are no UTF-8 are replaced, not fatal.
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

JournalRecord record_from_json(const std::string& text) {
  json object;
  try {
    object = json::parse(text);
  } catch (const json::exception& error) {
    throw UserError({"a record is not valid JSON", "journal", error.what(), "none: the record is skipped"});
  }
  JsonFields fields(object, "journal record");
  const std::string type = fields.text("type");
  JournalRecord record = record_from(type, fields);
  fields.finish();
  return record;
}

}  // namespace timetrial
