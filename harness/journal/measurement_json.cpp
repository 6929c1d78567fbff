#include "harness/journal/measurement_json.h"

namespace timetrial {

using nlohmann::json;

namespace {

json number_list(const QuantityRange& range) {
  return {number_to_json(range.minimum), number_to_json(range.median), number_to_json(range.maximum)};
}

QuantityRange range_from(const json& list, const std::string& where) {
  QuantityRange range;
  if (list.is_array() && list.size() == 3 && number_from_json(list[0], range.minimum) &&
      number_from_json(list[1], range.median) && number_from_json(list[2], range.maximum))
    return range;
  throw UserError({"three numbers are expected: minimum, median, maximum", where, list.dump(), "none"});
}

}  // namespace

json measurement_to_json(const StepTimesRecord& record) {
  return {{"type", "step_times"},
          {"sampled_steps", record.sampled_steps},
          {"data_wait", record.data_wait},
          {"host_to_device", record.host_to_device},
          {"forward", record.forward},
          {"backward", record.backward},
          {"gradient_averaging", record.gradient_averaging},
          {"update", record.update},
          {"residual", record.residual},
          {"step", record.step}};
}

StepTimesRecord step_times_from(JsonFields& fields) {
  StepTimesRecord record;
  record.sampled_steps = fields.integer("sampled_steps");
  record.data_wait = fields.number("data_wait");
  record.host_to_device = fields.number("host_to_device");
  record.forward = fields.number("forward");
  record.backward = fields.number("backward");
  record.gradient_averaging = fields.number("gradient_averaging");
  record.update = fields.number("update");
  record.residual = fields.number("residual");
  record.step = fields.number("step");
  return record;
}

json measurement_to_json(const MemoryRecord& record) {
  json phases = json::object();
  for (const auto& [name, peak] : record.phases) {
    phases[name] = {{"resident", peak.resident}, {"host", peak.host}, {"device", peak.device}};
  }
  return {{"type", "memory"},
          {"host_allocator", record.host_allocator},
          {"huge_pages", record.huge_pages},
          {"host_reserved_bytes", record.host_reserved_bytes},
          {"device_reserved_bytes", record.device_reserved_bytes},
          {"phases", phases}};
}

MemoryRecord memory_from(JsonFields& fields) {
  MemoryRecord record;
  record.host_allocator = fields.text("host_allocator");
  record.huge_pages = fields.flag("huge_pages");
  record.host_reserved_bytes = fields.integer("host_reserved_bytes");
  record.device_reserved_bytes = fields.integer("device_reserved_bytes");
  for (const auto& [name, value] : fields.object("phases").items()) {
    JsonFields phase(value, "memory record, phase " + name);
    record.phases[name] = {phase.integer("resident"), phase.integer("host"), phase.integer("device")};
    phase.finish();
  }
  return record;
}

json measurement_to_json(const SyncAuditRecord& record) {
  json places = json::array();
  for (const SyncPlace& place : record.places) {
    places.push_back({{"hook", place.hook},
                      {"operation", place.operation},
                      {"stack", place.stack},
                      {"count", place.count},
                      {"seconds", place.seconds}});
  }
  return {{"type", "sync_audit"}, {"steps", record.steps}, {"method", record.method}, {"places", places}};
}

SyncAuditRecord sync_audit_from(JsonFields& fields) {
  SyncAuditRecord record;
  record.steps = fields.integer("steps");
  record.method = fields.text("method");
  for (const json& value : fields.array("places")) {
    JsonFields place(value, "sync audit record, place");
    record.places.push_back({place.text("hook"), place.text("operation"), place.text("stack"),
                             place.integer("count"), place.number("seconds")});
    place.finish();
  }
  return record;
}

json measurement_to_json(const MachineSamplesRecord& record) {
  json quantities = json::object();
  for (const auto& [name, range] : record.quantities) quantities[name] = number_list(range);
  return {{"type", "machine_samples"},
          {"samples", record.samples},
          {"period_seconds", record.period_seconds},
          {"sampling_seconds", record.sampling_seconds},
          {"quantities", quantities},
          {"throttle_reasons", record.throttle_reasons}};
}

MachineSamplesRecord machine_samples_from(JsonFields& fields) {
  MachineSamplesRecord record;
  record.samples = fields.integer("samples");
  record.period_seconds = fields.number("period_seconds");
  record.sampling_seconds = fields.number("sampling_seconds");
  for (const auto& [name, value] : fields.object("quantities").items())
    record.quantities[name] = range_from(value, "machine samples record, quantity " + name);
  for (const json& reason : fields.array("throttle_reasons")) {
    if (!reason.is_string())
      throw UserError(
          {"a throttle reason must be a string", "machine samples record", reason.dump(), "none"});
    record.throttle_reasons.push_back(reason.get<std::string>());
  }
  return record;
}

json measurement_to_json(const ReferenceTimesRecord& record) {
  json seconds = json::object();
  for (const auto& [kernel, value] : record.seconds) seconds[kernel] = number_to_json(value);
  return {{"type", "reference_times"},
          {"moment", record.moment},
          {"seconds", seconds},
          {"spent_seconds", record.spent_seconds}};
}

ReferenceTimesRecord reference_times_from(JsonFields& fields) {
  ReferenceTimesRecord record;
  record.moment = fields.text("moment");
  const json& seconds = fields.object("seconds");
  JsonFields kernels(seconds, "reference times record, seconds");
  for (const auto& [kernel, value] : seconds.items()) {
    const double measured = kernels.number(kernel);
    if (!(measured > 0) || !std::isfinite(measured)) {
      throw UserError({"seconds of a reference kernel must be finite and above 0", "reference times record",
                       kernel + ": " + value.dump(), "none"});
    }
    record.seconds[kernel] = measured;
  }
  record.spent_seconds = fields.number("spent_seconds");
  return record;
}

}  // namespace timetrial
