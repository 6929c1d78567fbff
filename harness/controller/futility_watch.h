#pragma once

// Tells the running trials of a study when they can no longer speak for it (harness/journal/futility.h), if
// their ruleset asks for it.

#include <filesystem>
#include <map>
#include <string>
#include <tuple>

#include "harness/journal/futility.h"
#include "harness/journal/trial_spec.h"

namespace timetrial {

class FutilityWatch {
 public:
  // Before a trial starts, in a directory that may not be there yet; and after each end of another one.
  void tell(const TrialSpec& spec, const std::filesystem::path& directory) const;

  // A trial has ended, now or in an earlier sweep. Whether the bound of its study fell.
  bool note_end(const TrialSpec& spec, const std::filesystem::path& directory);

 private:
  // submission, workload, study
  using Study = std::tuple<std::string, std::string, int64_t>;
  static Study study_of(const TrialSpec& spec);

  std::map<Study, FutilityBound> bounds_;
};

}  // namespace timetrial
