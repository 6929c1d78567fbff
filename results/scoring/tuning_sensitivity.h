#pragma once

// What a submission owes to its tuning: best, median and worst trial of each study, and what fewer tuning
// trials would have given. Shows a lucky search space. Pure.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "results/scoring/score.h"

namespace timetrial {

// Times of the trials of one study; infinity: missed.
struct StudySpread {
  int64_t study = 0;
  int64_t trials = 0;  // that were measured
  int64_t hits = 0;    // of these reached the target
  double best = 0;
  double median = 0;
  double worst = 0;
};

// With k tuning trials drawn without replacement from all of the cell's.
struct AfterTrials {
  int64_t k = 1;
  double chance = 0;               // that at least one of them reaches the target
  std::optional<double> expected;  // mean time of the best of k, given that one reaches the target
  double median = 0;               // of the best of k, misses counted as infinite
};

struct TuningSensitivity {
  std::vector<StudySpread> studies;       // ascending
  std::vector<AfterTrials> after_trials;  // k = 1 … largest number of trials in a study
};

// submission -> full workload name
using SensitivityTable = std::map<std::string, std::map<std::string, TuningSensitivity>>;

// `trial_times`: per study, the time of each measured trial (infinity: missed).
TuningSensitivity tuning_sensitivity(const std::map<int64_t, std::vector<double>>& trial_times);

// Of every cell that has measured trials.
SensitivityTable sensitivity_of(const Score& score);

}  // namespace timetrial
