#pragma once

// What a score is computed from: per trial its place and its first hit, and nothing of its curve. A million
// trials fit in memory.

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "results/scoring/measurement.h"

namespace timetrial {

enum class TimeAxis { submission_seconds, steps };

struct Hit {
  std::size_t evaluation = 0;  // 0-based among the trial's evaluations
  double time = 0;
};

// What trials of one submission on one workload under one set of rules share.
struct Entry {
  std::string submission;
  std::string submission_sha256;
  std::string workload;  // full name
  bool is_variant = false;
  std::string tier;
  std::string ruleset;  // label: name, and what was overridden
  int64_t ruleset_version = 1;
  std::string hardware_class;
  MetricTarget target;
  double budget_seconds = 0;
};

struct ScoredTrial {
  std::size_t entry = 0;  // index into ScoringInput::entries
  int64_t id = 0;         // in the result file
  int64_t study = 0;
  int64_t trial = 0;
  bool evaluated = false;  // has an evaluation
  bool ended = false;      // has an outcome that says something about the submission
  bool drifted = false;    // the machine was known to (reference_drift.h)
  std::optional<Hit> hit;  // of the target that was asked for

  // Tells something about its study.
  bool measured() const { return evaluated || ended; }
  double time() const { return hit ? hit->time : std::numeric_limits<double>::infinity(); }
};

struct ScoringInput {
  std::vector<Entry> entries;
  std::vector<ScoredTrial> trials;  // in the order they were added
};

// What decides a trial's first hit besides the trial itself.
struct HitRules {
  std::string ruleset;  // only trials of this label; "" = all
  TimeAxis axis = TimeAxis::submission_seconds;
  std::map<std::string, double>
      validation_targets;  // full workload name -> target instead of the trials' own
  // full workload name -> seconds: hits on a later clock do not count. Without one the clock is not looked at
  // again: a trial was held to its budget when it ran.
  std::map<std::string, double> budgets;

  // The entry's target and budget under these rules; infinity: no budget.
  MetricTarget target_of(const Entry& entry) const;
  double budget_of(const Entry& entry) const;
};

// For trials that are in memory anyway; the result file has a faster way (scored_trial_reader.h).
ScoringInput scoring_input(const std::vector<TrialResult>& trials, const HitRules& rules);

// The first evaluation whose validation metric reaches the target on a clock not above the budget; equality
// reaches, NaN never does.
std::optional<Hit> first_hit(const TrialResult& trial, const MetricTarget& target, TimeAxis axis,
                             double budget_seconds = std::numeric_limits<double>::infinity());

Entry entry_of(const TrialSpec& spec);

}  // namespace timetrial
