#include "harness/journal/measurement_json.h"

namespace timetrial {

using nlohmann::json;

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

}  // namespace timetrial
