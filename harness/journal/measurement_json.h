#pragma once

// The measurements of a trial as fields of a journal record.

#include "harness/journal/json_fields.h"
#include "harness/journal/measurements.h"

namespace timetrial {

nlohmann::json measurement_to_json(const StepTimesRecord& record);
nlohmann::json measurement_to_json(const MemoryRecord& record);
nlohmann::json measurement_to_json(const SyncAuditRecord& record);
nlohmann::json measurement_to_json(const MachineSamplesRecord& record);
nlohmann::json measurement_to_json(const ReferenceTimesRecord& record);

// Throw UserError naming the field.
StepTimesRecord step_times_from(JsonFields& fields);
MemoryRecord memory_from(JsonFields& fields);
SyncAuditRecord sync_audit_from(JsonFields& fields);
MachineSamplesRecord machine_samples_from(JsonFields& fields);
ReferenceTimesRecord reference_times_from(JsonFields& fields);

}  // namespace timetrial
