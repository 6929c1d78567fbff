#include "workloads/criteo1tb/flights.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string_view>
#include <unordered_map>

#include <farmhash.h>

#include "harness/errors/user_error.h"
#include "workloads/criteo1tb/csv_table.h"
#include "workloads/criteo1tb/row_parser.h"

namespace timetrial {
namespace {

constexpr double kLateMinutes = 15;
constexpr int kHeldOutPeriodDays = 10;
constexpr int kTestPhaseDays = 5;
constexpr int kYear = 2013;
constexpr double kReferencePressure = 970;  // hPa, below the lowest of the year

std::optional<double> number(std::string_view field) {
  double value = 0;
  const auto result = std::from_chars(field.data(), field.data() + field.size(), value);
  if (result.ec != std::errc() || result.ptr != field.data() + field.size()) return std::nullopt;
  return value;
}

std::string join(std::string_view left, std::string_view right) {
  if (left.empty() || right.empty()) return {};
  return std::string(left) + '/' + std::string(right);
}

// Rows of a table by key; the first row of a key counts (the repeated hour at the end of summer time).
std::unordered_map<std::string, size_t> index_by(const CsvTable& table,
                                                 const std::vector<std::string_view>& columns) {
  std::unordered_map<std::string, size_t> rows;
  std::vector<size_t> places;
  for (const auto name : columns) places.push_back(table.column(name));
  for (size_t row = 0; row < table.rows(); ++row) {
    std::string key;
    for (const size_t place : places) key += std::string(table.at(row, place)) + '/';
    rows.emplace(std::move(key), row);
  }
  return rows;
}

// One table and a row of it, or none when the join found nothing: every field is then missing.
class JoinedRow {
 public:
  JoinedRow(const CsvTable& table, std::optional<size_t> row) : table_(table), row_(row) {}
  std::string_view operator[](std::string_view column) const {
    return row_ ? table_.at(*row_, table_.column(column)) : std::string_view();
  }

 private:
  const CsvTable& table_;
  std::optional<size_t> row_;
};

std::optional<size_t> find(const std::unordered_map<std::string, size_t>& rows, const std::string& key) {
  const auto found = rows.find(key);
  return found == rows.end() ? std::nullopt : std::optional<size_t>(found->second);
}

void append_integer(std::string& line, std::optional<double> value) {
  line += '\t';
  if (value) line += std::to_string(std::llround(*value));
}

// Eight hexadecimal digits, as in Criteo's files; a missing value stays empty.
void append_category(std::string& line, std::string_view name, std::string_view value) {
  line += '\t';
  if (value.empty()) return;
  const std::string text = std::string(name) + '=' + std::string(value);
  char digits[9];
  std::snprintf(digits, sizeof(digits), "%08x", util::Fingerprint32(text.data(), text.size()));
  line += digits;
}

std::optional<double> scaled(std::string_view field, double factor, double offset = 0) {
  const auto value = number(field);
  return value ? std::optional<double>((*value + offset) * factor) : std::nullopt;
}

std::optional<double> age(std::string_view year) {
  const auto value = number(year);
  return value ? std::optional<double>(kYear - *value) : std::nullopt;
}

// 0 = Monday. The first of January 2013 was a Tuesday.
std::string day_of_week(int year_day) {
  return std::to_string(year_day % 7);
}

void append_integers(std::string& line, const JoinedRow& flight, const JoinedRow& plane,
                     const JoinedRow& weather) {
  append_integer(line, number(flight["distance"]));
  append_integer(line, number(flight["sched_dep_time"]));
  append_integer(line, number(flight["sched_arr_time"]));
  append_integer(line, age(plane["year"]));
  append_integer(line, number(plane["seats"]));
  append_integer(line, number(weather["temp"]));
  append_integer(line, number(weather["dewp"]));
  append_integer(line, number(weather["humid"]));
  append_integer(line, number(weather["wind_speed"]));
  append_integer(line, number(weather["wind_gust"]));
  append_integer(line, scaled(weather["precip"], 100));
  append_integer(line, scaled(weather["pressure"], 10, -kReferencePressure));
  append_integer(line, scaled(weather["visib"], 10));
}

// The order puts features with few values into the columns whose vocabulary is small (row_parser.h).
void append_categories(std::string& line, const JoinedRow& flight, const JoinedRow& plane,
                       const JoinedRow& weather, const JoinedRow& airport, const std::string& weekday) {
  const std::string_view hour = flight["hour"], month = flight["month"], carrier = flight["carrier"];
  const std::string_view origin = flight["origin"], destination = flight["dest"];
  const std::array<std::pair<std::string_view, std::string>, kCriteoCategories> features = {{
      {"tailnum", std::string(flight["tailnum"])},
      {"flight", std::string(flight["flight"])},
      {"origin-dest", join(origin, destination)},
      {"carrier-dest", join(carrier, destination)},
      {"model", std::string(plane["model"])},
      {"dst", std::string(airport["dst"])},
      {"dest", std::string(destination)},
      {"manufacturer", std::string(plane["manufacturer"])},
      {"carrier", std::string(carrier)},
      {"hour-origin", join(hour, origin)},
      {"dow-hour", join(weekday, hour)},
      {"month-hour", join(month, hour)},
      {"engines", std::string(plane["engines"])},
      {"minute", std::string(flight["minute"])},
      {"carrier-hour", join(carrier, hour)},
      {"day", std::string(flight["day"])},
      {"type", std::string(plane["type"])},
      {"month", std::string(month)},
      {"engine", std::string(plane["engine"])},
      {"month-dow", join(month, weekday)},
      {"carrier-origin", join(carrier, origin)},
      {"hour", std::string(hour)},
      {"wind_dir", std::string(weather["wind_dir"])},
      {"dow", weekday},
      {"origin", std::string(origin)},
      {"tzone", std::string(airport["tzone"])},
  }};
  for (const auto& [name, value] : features) append_category(line, name, value);
}

}  // namespace

int day_of_year(int month, int day) {
  static constexpr std::array<int, 12> kDaysBefore = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  return kDaysBefore[static_cast<size_t>(month - 1)] + day;
}

FlightRows make_flight_rows(const std::filesystem::path& tables, const std::filesystem::path& flights_file) {
  const CsvTable flights(flights_file);
  const CsvTable planes(tables / "planes.csv");
  const CsvTable weather(tables / "weather.csv");
  const CsvTable airports(tables / "airports.csv");
  const auto plane_rows = index_by(planes, {"tailnum"});
  const auto weather_rows = index_by(weather, {"origin", "month", "day", "hour"});
  const auto airport_rows = index_by(airports, {"faa"});

  FlightRows rows;
  for (size_t i = 0; i < flights.rows(); ++i) {
    const JoinedRow flight(flights, i);
    const auto delay = number(flight["arr_delay"]);
    if (!delay) continue;
    const auto month = number(flight["month"]);
    const auto day = number(flight["day"]);
    if (!month || !day || *month < 1 || *month > 12) {
      throw UserError({"a flight has no date", flights_file.string() + ", line " + std::to_string(i + 2),
                       std::string(flight["month"]),
                       "remove the cache folder of this package and prepare again"});
    }
    const int year_day = day_of_year(static_cast<int>(*month), static_cast<int>(*day));
    const JoinedRow plane(planes, find(plane_rows, std::string(flight["tailnum"]) + '/'));
    const std::string hour_key = std::string(flight["origin"]) + '/' + std::string(flight["month"]) + '/' +
                                 std::string(flight["day"]) + '/' + std::string(flight["hour"]) + '/';
    const JoinedRow conditions(weather, find(weather_rows, hour_key));
    const JoinedRow airport(airports, find(airport_rows, std::string(flight["dest"]) + '/'));

    std::string line = *delay > kLateMinutes ? "1" : "0";
    append_integers(line, flight, plane, conditions);
    append_categories(line, flight, plane, conditions, airport, day_of_week(year_day));
    line += '\n';
    auto& split = year_day % kHeldOutPeriodDays == 0                ? rows.validation
                  : year_day % kHeldOutPeriodDays == kTestPhaseDays ? rows.test
                                                                    : rows.train;
    split.push_back(std::move(line));
  }
  return rows;
}

}  // namespace timetrial
