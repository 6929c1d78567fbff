#include "harness/cli/forecast_table.h"

#include <algorithm>

#include <fmt/format.h>

#include "results/tables/text_table.h"

namespace timetrial {

namespace {

std::string duration(double seconds) {
  if (seconds < 120) return fmt::format("{:.1f} s", seconds);
  if (seconds < 2 * 3600) return fmt::format("{:.1f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

std::string size(int64_t bytes) {
  const auto mib = static_cast<double>(bytes) / (1 << 20);
  return mib < 1024 ? fmt::format("{:.1f} MiB", mib) : fmt::format("{:.1f} GiB", mib / 1024);
}

}  // namespace

std::string forecast_table(const Forecast& forecast, const std::string& device, int64_t jobs,
                           int64_t finished) {
  std::vector<std::vector<std::string>> rows;
  for (const ForecastRow& row : forecast.rows) {
    rows.push_back({row.submission, row.workload, std::to_string(row.trials), duration(row.seconds_each),
                    duration(row.seconds_each * static_cast<double>(row.trials)),
                    row.disk_bytes ? size(*row.disk_bytes) : "not known",
                    row.measured_trials > 0
                        ? fmt::format("{} ({} measured)", to_string(row.basis), row.measured_trials)
                        : to_string(row.basis)});
  }
  std::string text = render_table({{"submission"},
                                   {"workload"},
                                   {"trials", true},
                                   {"each", true},
                                   {"together", true},
                                   {"disk", true},
                                   {"from"}},
                                  rows);
  const auto is = [&](auto&& condition) {
    return std::any_of(forecast.rows.begin(), forecast.rows.end(), condition);
  };
  const bool is_bound = is([](const ForecastRow& row) { return row.basis == ForecastBasis::budget; });
  const bool is_disk_open = is([](const ForecastRow& row) { return !row.disk_bytes; });
  const std::string disk = forecast.disk_bytes == 0 && is_disk_open
                               ? "disk not known"
                               : (is_disk_open ? "at least " : "") + size(forecast.disk_bytes) + " of disk";
  text += fmt::format("\n{}{:.2f} {}-hours, {} with {} trial{} at a time, {}", is_bound ? "at most " : "",
                      forecast.device_seconds / 3600, device.starts_with("cuda") ? "GPU" : "machine",
                      duration(forecast.wall_seconds), jobs, jobs == 1 ? "" : "s", disk);
  if (finished > 0) text += fmt::format("; {} trials are finished and not counted", finished);
  text += "\n";
  if (is([](const ForecastRow& row) { return !row.evaluations_counted; })) {
    text +=
        "Of workloads without a measured trial only the submission's time is counted: evaluations and "
        "start-up "
        "come on top.\n";
  }
  return text;
}

}  // namespace timetrial
