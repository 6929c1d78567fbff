#include "criteo_rows.h"
#include "expect_user_error.h"
#include "workloads/criteo1tb/csv_table.h"
#include "workloads/criteo1tb/day_files.h"
#include "workloads/criteo1tb/day_files_check.h"
#include "workloads/criteo1tb/flights.h"

namespace timetrial {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const PreparationProgress kSilent = [](const std::string&, int64_t, int64_t) {};

// The whole layout with one row a file.
void write_layout(const TemporaryFolder& folder) {
  for (int day = 0; day < 23; ++day) folder.write(day_file_name(day, 0), criteo_row(day));
  for (int part = 0; part < 36; ++part) folder.write(day_file_name(23, part), criteo_row(part));
}

TEST(DayFilesCheck, AcceptsTheExpectedCounts) {
  TemporaryFolder folder;
  write_layout(folder);
  const DataSetManifest manifest = check_day_files(folder.path(), {23, 17, 19}, kSilent);
  EXPECT_EQ(manifest.examples.at("train"), 23);
  EXPECT_EQ(manifest.examples.at("validation"), 17);
  EXPECT_EQ(manifest.examples.at("test"), 19);
}

TEST(DayFilesCheck, OtherCountsAreRefused) {
  TemporaryFolder folder;
  write_layout(folder);
  EXPECT_THAT(user_error_of([&] { check_day_files(folder.path(), kOfficialCriteoCounts, kSilent); }),
              HasSubstr("4195197692"));
}

TEST(DayFilesCheck, ChangedFilesAreCountedAgain) {
  TemporaryFolder folder;
  write_layout(folder);
  const std::string before = check_day_files(folder.path(), {23, 17, 19}, kSilent).id;
  folder.write("day_7_00", criteo_rows(0, 2));
  EXPECT_NE(check_day_files(folder.path(), {24, 17, 19}, kSilent).id, before);
}

TEST(DayFilesCheck, ABadRowAtTheEndOfAFileIsFound) {
  TemporaryFolder folder;
  write_layout(folder);
  folder.write("day_5_00", criteo_rows(0, 3000) + criteo_row_with(0, "x"));
  EXPECT_THAT(user_error_of([&] {
                check_day_files(folder.path(), {3023, 17, 19}, kSilent);
              }),
              HasSubstr("day_5_00, line 3001"));
}

TEST(CsvTable, MissingValuesAndWidth) {
  TemporaryFolder folder;
  const CsvTable table(folder.write("t.csv", "a,b\n1,NA\n,2\n"));
  EXPECT_EQ(table.rows(), 2u);
  EXPECT_EQ(table.at(0, table.column("a")), "1");
  EXPECT_EQ(table.at(0, table.column("b")), "");
  EXPECT_THAT(user_error_of([&] { table.column("c"); }), HasSubstr("c"));
  const auto narrow = folder.write("n.csv", "a,b\n1,2\n1\n");
  EXPECT_THAT(user_error_of([&] { CsvTable broken(narrow); }), HasSubstr("line 3"));
}

class Flights : public testing::Test {
 protected:
  Flights() {
    folder_.write("planes.csv",
                  "tailnum,year,type,manufacturer,model,engines,seats,speed,engine\n"
                  "N1,2004,Fixed,EMBRAER,EMB,2,55,NA,Turbo\n");
    folder_.write(
        "weather.csv",
        "origin,year,month,day,hour,temp,dewp,humid,wind_dir,wind_speed,wind_gust,precip,pressure,visib\n"
        "EWR,2013,1,1,5,-3.2,26.06,59.37,270,10.4,NA,0.12,1012.3,10\n");
    folder_.write("airports.csv",
                  "faa,name,lat,lon,alt,tz,dst,tzone\nIAH,Houston,1,2,3,-6,A,America/Chicago\n");
  }

  FlightRows rows(const std::string& flights) {
    const std::string header =
        "year,month,day,dep_time,sched_dep_time,dep_delay,arr_time,sched_arr_time,arr_delay,carrier,"
        "flight,tailnum,origin,dest,air_time,distance,hour,minute,time_hour\n";
    return make_flight_rows(folder_.path(), folder_.write("flights.csv", header + flights));
  }

  static std::string flight(const std::string& month, const std::string& day, const std::string& delay) {
    return "2013," + month + "," + day + ",517,515,2,830,819," + delay +
           ",UA,1545,N1,EWR,IAH,227,1400,5,15,2013-01-01T10:00:00Z\n";
  }

  TemporaryFolder folder_;
};

TEST_F(Flights, JoinsWhatIsKnownBeforeDeparture) {
  const auto train = rows(flight("1", "1", "16")).train;
  ASSERT_EQ(train.size(), 1u);
  // distance, departure, arrival, age, seats, temp, dewp, humid, wind speed, gust (missing), precip,
  // pressure, visibility
  EXPECT_THAT(train[0], StartsWith("1\t1400\t515\t819\t9\t55\t-3\t26\t59\t10\t\t12\t423\t100\t"));
  EXPECT_EQ(std::count(train[0].begin(), train[0].end(), '\t'), 39);
}

TEST_F(Flights, LateMeansMoreThanFifteenMinutes) {
  EXPECT_EQ(rows(flight("1", "1", "15")).train[0][0], '0');
  EXPECT_EQ(rows(flight("1", "1", "-20")).train[0][0], '0');
}

TEST_F(Flights, CancelledFlightsAreLeftOut) {
  EXPECT_TRUE(rows(flight("1", "1", "NA")).train.empty());
}

TEST_F(Flights, WholeDaysAreHeldOut) {
  const FlightRows split =
      rows(flight("1", "10", "0") + flight("1", "15", "0") + flight("2", "9", "0") + flight("2", "10", "0"));
  EXPECT_EQ(split.validation.size(), 2u);  // days 10 and 40
  EXPECT_EQ(split.test.size(), 1u);        // day 15
  EXPECT_EQ(split.train.size(), 1u);       // day 41
  EXPECT_EQ(day_of_year(12, 31), 365);
}

TEST_F(Flights, FlightsWithoutAPlaneHaveMissingFields) {
  std::string line = flight("1", "1", "0");
  line.replace(line.find("N1"), 2, "N9");
  EXPECT_THAT(rows(line).train.at(0), StartsWith("0\t1400\t515\t819\t\t\t-3"));
}

}  // namespace
}  // namespace timetrial
