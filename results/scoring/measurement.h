#pragma once

// What scoring works on: plain values, whatever file they came from.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/journal/record.h"
#include "harness/journal/trial_spec.h"

namespace timetrial {

struct TrialResult {
  int64_t id = 0;
  TrialSpec spec;
  std::string directory;
  std::vector<StartRecord> starts;
  std::vector<EvaluationRecord> evaluations;  // superseded ones (re-run after a resume) left out
  std::vector<std::string> warnings;
  std::vector<InterruptionRecord> interruptions;
  std::vector<OutcomeRecord> outcome;  // empty while running or interrupted, else one
  // One for each attempt that got as far.
  std::vector<StepTimesRecord> step_times;
  std::vector<MemoryRecord> memory;
  std::vector<SyncAuditRecord> sync_audits;
  std::vector<MachineSamplesRecord> machine_samples;
  std::vector<ReferenceTimesRecord> reference_times;  // two for each attempt that came to its end
  std::vector<ExhibitRecord> exhibits;                // the newest stands
};

}  // namespace timetrial
