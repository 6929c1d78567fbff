#pragma once

// A result file of a test's own, and what its tests fold into it.

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/errors/user_error.h"
#include "made_up_trials.h"
#include "results/store/sqlite.h"
#include "results/store/store.h"

namespace timetrial {

inline std::vector<JournalRecord> begun(double unix_seconds = 1000) {
  return {made_up_start(unix_seconds), made_up_evaluation(1, 0.25, 0.1), made_up_evaluation(10, 1.5, 0.5)};
}

inline std::vector<int64_t> steps_of(const TrialResult& trial) {
  std::vector<int64_t> steps;
  for (const EvaluationRecord& evaluation : trial.evaluations) steps.push_back(evaluation.step);
  return steps;
}

template <typename Action>
std::string error_of(Action&& action) {
  try {
    action();
  } catch (const UserError& error) {
    return error.what();
  }
  return "no error";
}

class StoreTest : public testing::Test {
 protected:
  std::filesystem::path file() const { return directory_ / "results.db"; }

  int64_t count(const std::string& table) {
    Database database(file(), OpenMode::read_only, std::chrono::milliseconds(1000));
    return database.query_integer("SELECT count(*) FROM " + table);
  }

  ScratchDirectory directory_;
};

}  // namespace timetrial
