#include "harness/cluster/submissions_file.h"

#include <type_traits>

#include "harness/journal/durable_file.h"
#include "tuning/strict_json.h"

namespace timetrial {

namespace {

constexpr const char* kFileName = "slurm.json";

OrderedJson settings_to_json(const SlurmSettings& settings) {
  OrderedJson object = OrderedJson::object();
  for_each_value(settings, [&](const char* key, const auto& value) {
    if (value) object[key] = *value;
  });
  object["sbatch_args"] = settings.sbatch_arguments;
  object["setup"] = settings.setup;
  return object;
}

SlurmSettings settings_from_json(const OrderedJson& json, const std::string& where) {
  StrictObject object(json, where, "settings");
  SlurmSettings settings;
  for_each_value(settings, [&]<typename Value>(const char* key, std::optional<Value>& value) {
    if (!object.has(key)) return;
    if constexpr (std::is_same_v<Value, std::string>)
      value = object.text(key);
    else
      value = object.integer(key, 1);
  });
  settings.sbatch_arguments = object.text_list("sbatch_args");
  settings.setup = object.text_list("setup");
  object.finish();
  return settings;
}

}  // namespace

Submissions read_submissions(const std::filesystem::path& sweep_folder) {
  const std::string file = (sweep_folder / kFileName).string();
  if (!std::filesystem::exists(file)) return {};
  const OrderedJson json = parse_strict_json(read_text_file(file, "list of submissions"), file);
  StrictObject object(json, file, "submissions");
  Submissions submissions;
  submissions.settings = settings_from_json(object.require("settings"), file);
  for (const OrderedJson& entry : object.require("made")) {
    StrictObject made(entry, file, "submission");
    submissions.made.push_back({made.text("job_name"), made.integer("offset", 0), made.text("job")});
    made.finish();
  }
  object.finish();
  return submissions;
}

void write_submissions(const std::filesystem::path& sweep_folder, const Submissions& submissions) {
  OrderedJson object;
  object["settings"] = settings_to_json(submissions.settings);
  object["made"] = OrderedJson::array();
  for (const SubmittedArray& submission : submissions.made) {
    OrderedJson made;
    made["job_name"] = submission.job_name;
    made["offset"] = submission.offset;
    made["job"] = submission.job;
    object["made"].push_back(made);
  }
  write_file_durably(sweep_folder / kFileName, object.dump(1) + "\n");
}

}  // namespace timetrial
