#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/journal/trial_spec.h"

namespace timetrial {

// Trials 0 to count-1 of a workload without a name.
inline std::vector<TrialSpec> trials_of(const std::string& submission, int64_t count) {
  std::vector<TrialSpec> specs(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) {
    TrialSpec& spec = specs[static_cast<size_t>(i)];
    spec.submission = submission;
    spec.trial = i;
    spec.budget_seconds = spec.evaluation_period_seconds = 1;
    spec.default_batch_size = spec.evaluation_batch_size = 1;
  }
  return specs;
}

}  // namespace timetrial
