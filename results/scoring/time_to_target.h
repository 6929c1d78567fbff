#pragma once

// From first hits to the time a submission needs on a workload: study -> best trial,
// workload -> median over studies. Pure. A time is seconds of the submission clock (or steps); infinity = the
// target was not reached; an empty optional = no data.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "results/scoring/scored_trial.h"

namespace timetrial {

// Which trial speaks for its study. evaluation_index: the one whose first hit has the smallest evaluation
// number (AlgoPerf's scorer); time: the one with the smallest time (AlgoPerf's text).
enum class TrialChoice { evaluation_index, time };
// Which of equally good trials: the first or the last in the order given.
enum class TieBreak { first, last };
// A study of which nothing is known: left out of the median, or counted as a miss.
enum class MissingStudy { skip, infinite };

// Throw UserError listing the choices: "eval-index" | "time", "first" | "last", "skip" | "inf".
TrialChoice trial_choice_from_string(const std::string& text);
TieBreak tie_break_from_string(const std::string& text);
MissingStudy missing_study_from_string(const std::string& text);

struct TimeToTargetOptions {
  TrialChoice trial_choice = TrialChoice::evaluation_index;
  TieBreak ties = TieBreak::first;
  MissingStudy missing_study = MissingStudy::skip;
  std::vector<int64_t> expected_studies;  // known to belong to the sweep, with or without trials
};

struct StudyTime {
  int64_t study = 0;
  double time = 0;               // infinity: no trial reached the target
  std::optional<int64_t> trial;  // number of the trial that was chosen
  std::optional<std::size_t> evaluation;
};

// `trials`: those of one submission, workload and study. Empty when none of them is measured.
std::optional<StudyTime> time_of_study(int64_t study, const std::vector<const ScoredTrial*>& trials,
                                       const TimeToTargetOptions& options);

struct WorkloadTime {
  std::optional<double> time;      // the median; empty when no study takes part
  std::vector<StudyTime> studies;  // that took part in it, ascending
};

// `trials`: those of one submission and workload, in any order of studies; may be empty.
WorkloadTime time_of_workload(const std::vector<const ScoredTrial*>& trials,
                              const TimeToTargetOptions& options);

// Of an even number the mean of the two middle values; infinities count. `values` must not be empty.
double median_of(std::vector<double> values);

}  // namespace timetrial
