#include "results/tables/null_measurement_list.h"

#include <algorithm>
#include <ctime>
#include <set>

#include <fmt/chrono.h>
#include <nlohmann/json.hpp>

#include "results/tables/csv.h"
#include "results/tables/text_table.h"

namespace timetrial {

namespace {

std::string short_duration(double seconds) {
  if (seconds < 1e-6) return fmt::format("{:.0f} ns", 1e9 * seconds);
  if (seconds < 1e-3) return fmt::format("{:.3g} µs", 1e6 * seconds);
  if (seconds < 1) return fmt::format("{:.3g} ms", 1e3 * seconds);
  return fmt::format("{:.2f} s", seconds);
}

std::string host_of(const NullMeasurement& measurement) {
  const auto found = measurement.machine.find("host");
  return found == measurement.machine.end() ? "" : found->second;
}

std::string title_of(const NullMeasurement& measurement) {
  const auto moment = fmt::gmtime(static_cast<std::time_t>(measurement.unix_seconds));
  return fmt::format("{:%Y-%m-%d %H:%M} {}, {}", moment, host_of(measurement), measurement.device);
}

}  // namespace

std::string null_measurement_table(const std::vector<NullMeasurement>& measurements, std::size_t most) {
  const std::vector<NullMeasurement> shown(
      measurements.rbegin(),
      measurements.rbegin() + static_cast<std::ptrdiff_t>(std::min(most, measurements.size())));
  std::vector<TableColumn> columns = {{"harness time of (UTC)"}};
  std::set<std::string> names;
  for (const NullMeasurement& measurement : shown) {
    columns.push_back({title_of(measurement), true});
    for (const auto& [name, seconds] : measurement.seconds) names.insert(name);
  }
  std::vector<std::vector<std::string>> rows;
  for (const std::string& name : names) {
    std::vector<std::string> row = {null_measurement_label(name)};
    for (const NullMeasurement& measurement : shown) {
      const auto found = measurement.seconds.find(name);
      row.push_back(found == measurement.seconds.end() ? "–" : short_duration(found->second));
    }
    rows.push_back(std::move(row));
  }
  return render_table(columns, rows);
}

std::string null_measurement_json(const std::vector<NullMeasurement>& measurements) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const NullMeasurement& measurement : measurements) {
    list.push_back({{"id", measurement.id},
                    {"unix_seconds", measurement.unix_seconds},
                    {"device", measurement.device},
                    {"threads", measurement.threads},
                    {"build", measurement.build},
                    {"machine", measurement.machine},
                    {"seconds", measurement.seconds}});
  }
  return list.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string null_measurement_csv(const std::vector<NullMeasurement>& measurements) {
  std::string text = csv_row({"id", "unix_seconds", "host", "device", "threads", "name", "seconds"});
  for (const NullMeasurement& measurement : measurements) {
    for (const auto& [name, seconds] : measurement.seconds) {
      text += csv_row({std::to_string(measurement.id), exact_number(measurement.unix_seconds),
                       host_of(measurement), measurement.device, std::to_string(measurement.threads), name,
                       exact_number(seconds)});
    }
  }
  return text;
}

}  // namespace timetrial
