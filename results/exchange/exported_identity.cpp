#include "results/exchange/exported_identity.h"

#include "harness/journal/json_fields.h"
#include "results/exchange/plain_name.h"
#include "results/exchange/python_json.h"

namespace timetrial {

namespace {

using nlohmann::json;

constexpr int kFormat = 1;

template <typename Record>
Record record_of(const json& object, const std::string& where) {
  const JournalRecord record = record_from_json(object.dump());
  if (const auto* held = std::get_if<Record>(&record)) return *held;
  throw UserError({"a record of another type is expected", where, "", "export the trial again"});
}

}  // namespace

std::string identity_to_json(const ExportedIdentity& identity) {
  json object = {{"format", kFormat},
                 {"trial", json::parse(trial_spec_to_json(identity.spec))},
                 {"start", json::parse(record_to_json(identity.start))}};
  if (identity.outcome) object["outcome"] = json::parse(record_to_json(*identity.outcome));
  return object.dump(2) + "\n";
}

ExportedIdentity identity_from_json(std::string_view text, const std::string& where) {
  const json object = parse_python_json(text, where);
  JsonFields fields(object, where);
  if (const int64_t format = fields.integer("format"); format != kFormat) {
    throw UserError({"this file was written in another format", where, std::to_string(format),
                     "export the trial again with this version of timetrial"});
  }
  ExportedIdentity identity;
  identity.spec = trial_spec_from_json(fields.object("trial").dump(), where);
  identity.start = record_of<StartRecord>(fields.object("start"), where);
  if (object.contains("outcome"))
    identity.outcome = record_of<OutcomeRecord>(fields.object("outcome"), where);
  fields.finish();
  for (const std::string& name : {identity.spec.submission, full_workload_name(identity.spec)}) {
    if (!is_plain_name(name)) throw UserError({"not a plain name", where, name, "export the trial again"});
  }
  return identity;
}

}  // namespace timetrial
