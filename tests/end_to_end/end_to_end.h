#pragma once

// A test with a results directory of its own that drives the real `timetrial`.

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/journal/journal.h"
#include "program.h"
#include "results/store/store.h"

namespace timetrial {

// Exit codes of `timetrial --help`.
inline constexpr int kDone = 0;
inline constexpr int kTrouble = 1;
inline constexpr int kUserError = 2;
inline constexpr int kInterrupted = 75;

// A ruleset of the mini tier, written to files of its own.
struct CustomRules {
  std::string name = "quick";
  bool self_tuning = false;
  std::vector<std::string> workloads = {"mnist"};
  double budget_seconds = 60;
  double evaluation_period_seconds = 0.5;
  double checkpoint_period_seconds = 0.3;
  double stall_limit_seconds = 30;
  std::string stop_rule = "validation_target";
  int64_t evaluation_period_steps = 0;  // not 0: evaluations fall on steps, so that two runs can be compared
  int64_t trials_per_study = 1;
  double reference_drift = 0;  // 0: not asked for
  bool futility_stop = false;
};

class EndToEnd : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path results() const { return folder_ / "results"; }

  // One trial of a fixed number of steps on one CPU thread: the same command always ends with the same
  // parameters. Its budget is an hour, which no build is slow enough to spend.
  std::vector<std::string> fixed_trial(const std::string& submission, const std::string& workload,
                                       int64_t steps, const std::filesystem::path& results) const;

  // `arguments` behind "timetrial".
  static ProgramEnd timetrial(std::vector<std::string> arguments, const ProgramOptions& options = {});
  static std::vector<std::string> command(std::vector<std::string> arguments);

  // The path of the ruleset file.
  std::string write_rules(const CustomRules& rules) const;
  std::string write(const std::string& name, const std::string& text) const;

  static std::string submission(const std::string& name);
  static std::string misbehaving(const std::string& name);

  // All below `results`, sorted.
  static std::vector<std::filesystem::path> trial_directories(const std::filesystem::path& results);
  // A test failure and an empty path unless there is exactly one.
  static std::filesystem::path only_trial(const std::filesystem::path& results);
  static std::vector<TrialResult> stored(const std::filesystem::path& results);

  static bool wait_until(const std::function<bool()>& condition);

 private:
  std::filesystem::path folder_;
};

template <typename Record>
std::vector<Record> records_of(const std::filesystem::path& trial_directory) {
  std::vector<Record> found;
  for (const JournalRecord& record : read_journal(trial_directory).records) {
    if (const auto* wanted = std::get_if<Record>(&record)) found.push_back(*wanted);
  }
  return found;
}

// A default one and a test failure when the trial has none.
OutcomeRecord outcome_record(const std::filesystem::path& trial_directory);

// "" when it has no outcome.
std::string final_hash(const std::filesystem::path& trial_directory);

}  // namespace timetrial
