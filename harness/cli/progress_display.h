#pragma once

// Shows a sweep: on a terminal one line that is redrawn (step, rate, clock, best metric, ETA) under the lines
// of what has ended; elsewhere plain lines only.

#include <chrono>
#include <map>
#include <string>

#include "harness/controller/sweep.h"

namespace timetrial {

class ProgressDisplay final : public SweepObserver {
 public:
  ProgressDisplay(const std::vector<TrialSpec>& specs, int64_t jobs);
  ~ProgressDisplay() override;

  void trial_started(const TrialSpec& spec, const std::filesystem::path& directory) override;
  void trial_ended(const TrialSpec& spec, const OutcomeRecord& outcome, bool finished_before) override;
  void trial_killed(const TrialSpec& spec, const std::string& message) override;
  void harness_measured(const NullMeasurement& measurement) override;
  void harness_not_measured(const std::string& message) override;
  void disk_may_not_do(const std::string& message) override;
  void tick(const std::vector<const TrialExecution*>& running) override;

 private:
  void print_line(const std::string& line);
  void clear_status();
  std::string counter() const;
  std::string eta(double running_seconds_left) const;

  bool terminal_;
  int64_t jobs_;
  int64_t total_;
  int64_t ended_ = 0;
  double budget_total_ = 0;    // of all trials
  double budget_ended_ = 0;    // of those that ended in this sweep
  double wall_of_ended_ = 0;   // what these took
  double budget_skipped_ = 0;  // of those that were finished before
  std::map<std::string, std::chrono::steady_clock::time_point> started_;  // by directory name of the running
};

}  // namespace timetrial
