#pragma once

// Trials -> scores. Pure; ties time_to_target.h and performance_profile.h together.

#include <map>
#include <string>
#include <vector>

#include "results/scoring/performance_profile.h"
#include "results/scoring/scored_trial.h"
#include "results/scoring/time_to_target.h"

namespace timetrial {

struct ScoreOptions {
  HitRules hits;  // also chooses the ruleset; HitRules that made a ScoringInput must be these
  TimeToTargetOptions time_to_target;
  // Empty base_workloads: every workload without a variant that the trials hold.
  ProfileOptions profile;
  std::vector<std::string> submissions;  // score only these; empty = all
  std::vector<int64_t> studies;          // score only these; empty = all
  bool mix_hardware_classes = false;
  int64_t trials_per_study = 0;  // what the ruleset asks for, for the notes; 0 = not checked
};

struct Score {
  std::vector<std::string> submissions;  // alphabetical
  std::vector<std::string> workloads;    // base, then held-out, each alphabetical
  std::vector<std::string> base_workloads;
  std::vector<std::string> hardware_classes;
  TimeAxis axis = TimeAxis::submission_seconds;
  std::string reference;     // submission that ratios and speedups are over; "" = the best
  int64_t trials = 0;        // that it was computed from
  int64_t newest_trial = 0;  // largest id among them
  std::map<std::string, double>
      budgets;               // full workload name -> seconds the trials were held to; the largest
  TimeTable time_to_target;  // as measured, before any rule
  std::map<std::string, std::map<std::string, std::vector<StudyTime>>>
      studies;  // submission -> workload -> studies
  // submission -> workload -> study -> times of the measured trials, infinity = missed
  std::map<std::string, std::map<std::string, std::map<int64_t, std::vector<double>>>> trial_times;
  PerformanceProfile profile;
  // What a reader must know before believing the numbers: missing trials, re-runs, mixed machines. Ready to
  // print.
  std::vector<std::string> notes;
};

// Of trials with the same submission, workload, study and number the last one counts (a re-run replaces), and
// a note says so. Throws UserError when there is nothing to score, when one workload was run with different
// targets or tiers, and for trials of different hardware classes unless they may be mixed.
Score compute_score(const ScoringInput& input, const ScoreOptions& options);
Score compute_score(const std::vector<TrialResult>& trials, const ScoreOptions& options);

}  // namespace timetrial
