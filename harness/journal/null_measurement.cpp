#include "harness/journal/null_measurement.h"

#include "harness/journal/json_fields.h"

namespace timetrial {

using nlohmann::json;

namespace {

std::map<std::string, std::string> texts_from(const json& object, const std::string& where) {
  JsonFields fields(object, where);
  std::map<std::string, std::string> texts;
  for (const auto& [name, value] : object.items()) texts[name] = fields.text(name);
  return texts;
}

std::map<std::string, double> numbers_from(const json& object, const std::string& where) {
  JsonFields fields(object, where);
  std::map<std::string, double> numbers;
  for (const auto& [name, value] : object.items()) numbers[name] = fields.number(name);
  return numbers;
}

}  // namespace

std::string null_measurement_label(const std::string& name) {
  static const std::map<std::string, std::string> labels = {
      {"step", "a step"},
      {"step_slowest", "a step, slowest percentile"},
      {"step_synchronised", "a step with --clock per-step"},
      {"step_synchronised_slowest", "a step with --clock per-step, slowest percentile"},
      {"sampled_step", "stamps of a sampled step"},
      {"clock_stop_and_start", "stopping and starting the clock"},
      {"evaluation", "bookkeeping of an evaluation"},
      {"journal_record", "a record of the journal, on disk"},
      {"checkpoint", "an empty checkpoint, on disk"},
      {"worker", "start and exit of a worker"},
      {"measurement", "this measurement"}};
  const auto found = labels.find(name);
  return found == labels.end() ? name : found->second;
}

std::string null_measurement_to_json(const NullMeasurement& measurement) {
  json seconds = json::object();
  for (const auto& [name, value] : measurement.seconds) seconds[name] = number_to_json(value);
  return json{{"unix_seconds", measurement.unix_seconds}, {"device", measurement.device},
              {"threads", measurement.threads},           {"build", measurement.build},
              {"machine", measurement.machine},           {"seconds", seconds}}
             .dump(1, ' ', false, json::error_handler_t::replace) +
         "\n";
}

NullMeasurement null_measurement_from_json(const std::string& text, const std::string& where) {
  const json object = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (object.is_discarded())
    throw UserError({"not valid JSON", where, text.substr(0, 40), "start the sweep again to measure anew"});
  JsonFields fields(object, where);
  NullMeasurement measurement;
  measurement.unix_seconds = fields.number("unix_seconds");
  measurement.device = fields.text("device");
  measurement.threads = fields.integer("threads");
  measurement.build = texts_from(fields.object("build"), where + ", build");
  measurement.machine = texts_from(fields.object("machine"), where + ", machine");
  measurement.seconds = numbers_from(fields.object("seconds"), where + ", seconds");
  fields.finish();
  return measurement;
}

}  // namespace timetrial
