#pragma once

// When a trial can no longer speak for its study, whatever it does from here on.
//
// A study is spoken for by one of its trials that reached the target: by choice of the ruleset the one with
// the smallest evaluation number, or with the least time, or with the fewest steps. Each of the three must be
// out of reach, so that no such choice, nor the way ties are broken, can fall on a trial that was ended.
//
// futility.json in the trial directory holds the bound: written by the controller, which may lower it at any
// time, read by the worker after each evaluation. Without it a trial is never futile.

#include <cstdint>
#include <filesystem>
#include <optional>

namespace timetrial {

// Of each the least over the first hits in other trials of the study.
struct FutilityBound {
  int64_t evaluation = 0;  // 0-based
  double seconds = 0;
  int64_t step = 0;

  bool operator==(const FutilityBound&) const = default;
};

// The bound of two sets of trials together.
FutilityBound lower_of(const FutilityBound& left, const FutilityBound& right);

// `evaluations`: that were made, none of them reached the target; the last one at `seconds` and `step`. Pure.
bool is_futile(const FutilityBound& bound, int64_t evaluations, double seconds, int64_t step);

void write_futility_bound(const std::filesystem::path& trial_directory, const FutilityBound& bound);

// Empty when absent. Throws UserError for a file that does not hold a bound.
std::optional<FutilityBound> read_futility_bound(const std::filesystem::path& trial_directory);

}  // namespace timetrial
