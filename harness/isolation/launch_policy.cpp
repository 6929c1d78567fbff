#include "harness/isolation/launch_policy.h"

#include "harness/journal/json_fields.h"

namespace timetrial {

namespace {

using nlohmann::json;

std::vector<std::string> texts_of(JsonFields& fields, const std::string& name) {
  std::vector<std::string> texts;
  for (const json& text : fields.array(name)) texts.push_back(text.get<std::string>());
  return texts;
}

std::vector<int> numbers_of(JsonFields& fields, const std::string& name) {
  std::vector<int> numbers;
  for (const json& number : fields.array(name)) numbers.push_back(number.get<int>());
  return numbers;
}

json to_json(const SandboxView& view) {
  return {{"hidden", view.hidden},
          {"readable", view.readable},
          {"writable", view.writable},
          {"masked_files", view.masked_files},
          {"masked_folders", view.masked_folders},
          {"devices", view.devices},
          {"folder", view.folder},
          {"shared_memory", view.shared_memory},
          {"temporary_bytes", view.temporary_bytes}};
}

SandboxView view_from_json(const json& object) {
  JsonFields fields(object, "view of a sandbox");
  SandboxView view;
  view.hidden = texts_of(fields, "hidden");
  view.readable = texts_of(fields, "readable");
  view.writable = texts_of(fields, "writable");
  view.masked_files = texts_of(fields, "masked_files");
  view.masked_folders = texts_of(fields, "masked_folders");
  view.devices = texts_of(fields, "devices");
  view.folder = fields.text("folder");
  view.shared_memory = fields.text("shared_memory");
  view.temporary_bytes = fields.integer("temporary_bytes");
  fields.finish();
  return view;
}

}  // namespace

std::string launch_policy_to_json(const LaunchPolicy& policy) {
  return json{{"level", to_string(policy.level)},
              {"trial_directory", policy.trial_directory},
              {"memory_bytes", policy.memory_bytes},
              {"processes", policy.processes},
              {"disk_bytes", policy.disk_bytes},
              {"kept_descriptors", policy.kept_descriptors},
              {"report_descriptor", policy.report_descriptor},
              {"view", to_json(policy.view)},
              {"namespaces", policy.namespaces},
              {"evaluator", policy.evaluator}}
      .dump();
}

LaunchPolicy launch_policy_from_json(const std::string& text) {
  try {
    const json object = json::parse(text);
    JsonFields fields(object, "launch policy");
    LaunchPolicy policy;
    policy.level = isolation_level_from_string(fields.text("level"));
    policy.trial_directory = fields.text("trial_directory");
    policy.memory_bytes = fields.integer("memory_bytes");
    policy.processes = fields.integer("processes");
    policy.disk_bytes = fields.integer("disk_bytes");
    policy.kept_descriptors = numbers_of(fields, "kept_descriptors");
    policy.report_descriptor = static_cast<int>(fields.integer("report_descriptor"));
    policy.view = view_from_json(fields.object("view"));
    policy.namespaces = numbers_of(fields, "namespaces");
    policy.evaluator = texts_of(fields, "evaluator");
    fields.finish();
    return policy;
  } catch (const json::exception& error) {
    throw UserError({"the launch policy cannot be understood", "", error.what(),
                     "let timetrial start the launcher; it is not meant to be started by hand"});
  }
}

}  // namespace timetrial
