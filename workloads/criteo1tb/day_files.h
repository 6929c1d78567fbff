#pragma once

// Names of Criteo's day files and the splits they make: `split -l 5000000` of day d gives day_<d>_00,
// day_<d>_01 …

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace timetrial {

inline constexpr int kCriteoDays = 24;
inline constexpr int kCriteoHeldOutDay = 23;
inline constexpr int kCriteoTestFiles = 19;  // the first ones of day 23; the others are the validation split
inline constexpr int kCriteoHeldOutFiles = 36;

std::string day_file_name(int day, int part);  // day_0_00

// Sorted by day and part.
struct DayFiles {
  std::vector<std::filesystem::path> train;       // days 0-22
  std::vector<std::filesystem::path> test;        // day 23, files 00-18
  std::vector<std::filesystem::path> validation;  // day 23, files 19-35
};

// Throws UserError naming `timetrial prepare` when a split has no file, a day's numbering has a gap, or a
// file is called day_… but is none of these.
DayFiles list_day_files(const std::filesystem::path& folder);

int64_t total_bytes(const std::vector<std::filesystem::path>& files);

}  // namespace timetrial
