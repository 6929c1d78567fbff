#include "harness/isolation/launch_report.h"

#include <array>
#include <stdexcept>
#include <utility>

#include "harness/journal/json_fields.h"

namespace timetrial {

namespace {

using nlohmann::json;

constexpr std::array<std::pair<LimitHit, const char*>, 4> kLimits = {{
    {LimitHit::none, "none"},
    {LimitHit::memory, "memory"},
    {LimitHit::processes, "processes"},
    {LimitHit::disk, "disk"},
}};

LimitHit limit_from_string(const std::string& text) {
  for (const auto& [limit, name] : kLimits) {
    if (text == name) return limit;
  }
  throw UserError({"unknown limit", "launch report", text, "install timetrial again: its programs differ"});
}

}  // namespace

std::string to_string(LimitHit limit) {
  for (const auto& [value, name] : kLimits) {
    if (value == limit) return name;
  }
  throw std::logic_error("a limit has no name");
}

std::string launch_report_to_json(const LaunchReport& report) {
  return json{{"exit_code", report.exit_code},
              {"signal", report.signal},
              {"limit", to_string(report.limit)},
              {"used", report.used},
              {"allowed", report.allowed},
              {"kernel_ran_out", report.kernel_ran_out},
              {"peak_memory_bytes", report.peak_memory_bytes},
              {"left_running", report.left_running},
              {"of_evaluator", report.of_evaluator},
              {"problem", report.problem}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

LaunchReport launch_report_from_json(const std::string& text) {
  try {
    const json object = json::parse(text);
    JsonFields fields(object, "launch report");
    LaunchReport report;
    report.exit_code = static_cast<int>(fields.integer("exit_code"));
    report.signal = static_cast<int>(fields.integer("signal"));
    report.limit = limit_from_string(fields.text("limit"));
    report.used = fields.integer("used");
    report.allowed = fields.integer("allowed");
    report.kernel_ran_out = fields.flag("kernel_ran_out");
    report.peak_memory_bytes = fields.integer("peak_memory_bytes");
    report.left_running = fields.integer("left_running");
    report.of_evaluator = fields.flag("of_evaluator");
    report.problem = fields.text("problem");
    fields.finish();
    return report;
  } catch (const json::exception& error) {
    throw UserError({"the launcher's report cannot be understood", "", error.what(),
                     "install timetrial again: its programs differ"});
  }
}

}  // namespace timetrial
