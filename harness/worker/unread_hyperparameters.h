#pragma once

// A misspelled name in a search space would otherwise be tuned for nothing: after the first update every
// hyperparameter of the point must have been read.

#include <string>
#include <vector>

#include "harness/worker/submission_library.h"

namespace timetrial {

// unread: names as Hyperparameters::unread gives them. Throws SubmissionError unless there are none.
inline void require_all_hyperparameters_read(const std::vector<std::string>& unread) {
  if (unread.empty()) return;
  std::string names;
  for (const std::string& name : unread) names += (names.empty() ? "" : ", ") + name;
  throw SubmissionError(
      "update",
      "the submission did not read every hyperparameter by the end of its first update; never read: " +
          names + ". To cure it: remove them from the search space, or read them in initialize()");
}

}  // namespace timetrial
