#include "workloads/criteo1tb/day_files.h"

#include <charconv>
#include <cstdio>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

constexpr const char* kLayout =
    "the layout is day_0_00 … day_22_<last> for training, day_23_00 … day_23_18 for test, day_23_19 … "
    "day_23_35 for "
    "validation, made with `split -d -l 5000000`; `timetrial prepare criteo1tb` checks it, and makes the "
    "mini tier";

struct DayAndPart {
  int day = 0;
  int part = 0;
};

std::optional<DayAndPart> parse_name(const std::string& name) {
  constexpr std::string_view kPrefix = "day_";
  if (!name.starts_with(kPrefix)) return std::nullopt;
  const char* end = name.data() + name.size();
  DayAndPart found;
  const auto day = std::from_chars(name.data() + kPrefix.size(), end, found.day);
  if (day.ec != std::errc() || day.ptr == end || *day.ptr != '_') return std::nullopt;
  const auto part = std::from_chars(day.ptr + 1, end, found.part);
  if (part.ec != std::errc() || part.ptr != end || name != day_file_name(found.day, found.part))
    return std::nullopt;
  return found;
}

}  // namespace

std::string day_file_name(int day, int part) {
  char text[32];
  std::snprintf(text, sizeof(text), "day_%d_%02d", day, part);
  return text;
}

DayFiles list_day_files(const std::filesystem::path& folder) {
  std::map<int, std::set<int>> parts_of_day;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("day_") || name.ends_with(".partial")) continue;
    const auto found = parse_name(name);
    if (!found || found->day >= kCriteoDays ||
        (found->day == kCriteoHeldOutDay && found->part >= kCriteoHeldOutFiles)) {
      throw UserError({"this is not the name of a Criteo day file", folder.string(), name,
                       std::string("move the file elsewhere; ") + kLayout});
    }
    parts_of_day[found->day].insert(found->part);
  }
  DayFiles files;
  for (const auto& [day, parts] : parts_of_day) {
    if (*parts.rbegin() + 1 != static_cast<int>(parts.size())) {
      int missing = 0;
      while (parts.count(missing) != 0) ++missing;
      throw UserError({"a day file is missing", folder.string(), day_file_name(day, missing), kLayout});
    }
    for (const int part : parts) {
      auto& split = day != kCriteoHeldOutDay  ? files.train
                    : part < kCriteoTestFiles ? files.test
                                              : files.validation;
      split.push_back(folder / day_file_name(day, part));
    }
  }
  for (const auto& [split, name] :
       {std::pair{&files.train, "training"}, {&files.test, "test"}, {&files.validation, "validation"}}) {
    if (split->empty()) {
      throw UserError(
          {std::string("there are no ") + name + " files of criteo1tb", folder.string(), "", kLayout});
    }
  }
  return files;
}

int64_t total_bytes(const std::vector<std::filesystem::path>& files) {
  int64_t bytes = 0;
  for (const auto& file : files) bytes += static_cast<int64_t>(std::filesystem::file_size(file));
  return bytes;
}

}  // namespace timetrial
