#include "results/store/null_measurements.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "made_up_trials.h"
#include "results/store/store.h"
#include "results/tables/null_measurement_list.h"

namespace timetrial {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

NullMeasurement made_up_measurement(const std::string& host, double step) {
  NullMeasurement measurement;
  measurement.unix_seconds = 1e9 + 0.25;
  measurement.device = "cpu";
  measurement.threads = 2;
  measurement.build = {{"libtorch", "2.8"}};
  measurement.machine = {{"host", host}};
  measurement.seconds = {{"step", step}, {"worker", 1.25}};
  return measurement;
}

TEST(NullMeasurements, ReadBackAsTheyWereAdded) {
  const ScratchDirectory folder;
  Store store(folder / "results.sqlite");
  EXPECT_TRUE(store.null_measurements().empty());
  store.add_null_measurement(made_up_measurement("node1", 1.0 / 3e6));
  store.add_null_measurement(made_up_measurement("node2", 2e-7));
  store.add_null_measurement(made_up_measurement("node1", 3e-7));
  const std::vector<NullMeasurement> kept = store.null_measurements();
  ASSERT_EQ(kept.size(), 3U);
  const NullMeasurement expected = made_up_measurement("node1", 1.0 / 3e6);
  EXPECT_EQ(kept[0].id, 1);
  EXPECT_EQ(kept[0].unix_seconds, expected.unix_seconds);
  EXPECT_EQ(kept[0].device, expected.device);
  EXPECT_EQ(kept[0].threads, expected.threads);
  EXPECT_EQ(kept[0].build, expected.build);
  EXPECT_EQ(kept[0].machine, expected.machine);
  EXPECT_EQ(kept[0].seconds, expected.seconds);
  EXPECT_EQ(kept[1].machine.at("host"), "node2");
  EXPECT_EQ(kept[2].seconds.at("step"), 3e-7);
}

TEST(NullMeasurements, MachinesAndBuildsAreStoredOnce) {
  const ScratchDirectory folder;
  const auto file = folder / "results.sqlite";
  {
    Store store(file);
    for (const char* host : {"node1", "node2", "node1"})
      store.add_null_measurement(made_up_measurement(host, 1));
  }
  Database database(file, OpenMode::read_only, std::chrono::milliseconds(1000));
  EXPECT_EQ(database.query_integer("SELECT count(*) FROM machines"), 2);
  EXPECT_EQ(database.query_integer("SELECT count(*) FROM builds"), 1);
}

TEST(NullMeasurementList, HasAColumnForEachTheNewestFirst) {
  const std::string table =
      null_measurement_table({made_up_measurement("node1", 3e-7), made_up_measurement("node2", 2.5e-6)});
  EXPECT_THAT(table, AllOf(ContainsRegex("node2, cpu.*node1, cpu"), ContainsRegex("a step +2.5 µs +300 ns"),
                           HasSubstr("1.25 s"), HasSubstr("2001-09-09 01:46")));
  EXPECT_THAT(null_measurement_table({made_up_measurement("node1", 1), made_up_measurement("node2", 1)}, 1),
              AllOf(HasSubstr("node2"), Not(HasSubstr("node1"))));
}

TEST(NullMeasurementList, TellsEverythingAsJsonAndCsv) {
  const auto json = nlohmann::json::parse(null_measurement_json({made_up_measurement("node1", 3e-7)}));
  EXPECT_EQ(json[0]["machine"]["host"], "node1");
  EXPECT_EQ(json[0]["threads"], 2);
  EXPECT_EQ(json[0]["seconds"]["step"], 3e-7);
  const std::string csv = null_measurement_csv({made_up_measurement("node1", 3e-7)});
  EXPECT_THAT(csv, HasSubstr("0,1000000000.25,node1,cpu,2,step,3e-07\n"));
}

}  // namespace
}  // namespace timetrial
