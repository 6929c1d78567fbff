#include "harness/controller/futility_watch.h"

#include "harness/journal/journal.h"
#include "harness/journal/standing_evaluations.h"
#include "results/scoring/futility_bound.h"

namespace timetrial {

FutilityWatch::Study FutilityWatch::study_of(const TrialSpec& spec) {
  return {spec.submission, full_workload_name(spec), spec.study};
}

void FutilityWatch::tell(const TrialSpec& spec, const std::filesystem::path& directory) const {
  if (!spec.futility_stop) return;
  const auto bound = bounds_.find(study_of(spec));
  if (bound == bounds_.end() || read_futility_bound(directory) == bound->second) return;
  write_futility_bound(directory, bound->second);
}

bool FutilityWatch::note_end(const TrialSpec& spec, const std::filesystem::path& directory) {
  if (!spec.futility_stop) return false;
  TrialResult trial;
  trial.spec = spec;
  trial.evaluations = standing_evaluations(read_journal(directory).records);
  const std::optional<FutilityBound> bound = futility_bound_of(trial);
  if (!bound) return false;
  const auto [place, is_first] = bounds_.emplace(study_of(spec), *bound);
  if (is_first) return true;
  const FutilityBound before = place->second;
  place->second = lower_of(before, *bound);
  return place->second != before;
}

}  // namespace timetrial
