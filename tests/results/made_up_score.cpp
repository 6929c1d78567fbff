#include "made_up_score.h"

namespace timetrial {

Score made_up_score(const StudyTimes& times, const ProfileOptions& options) {
  Score score;
  score.base_workloads = options.base_workloads;
  score.workloads = options.base_workloads;
  score.workloads.insert(score.workloads.end(), options.held_out.begin(), options.held_out.end());
  for (const auto& [submission, workloads] : times) {
    score.submissions.push_back(submission);
    for (const std::string& workload : score.workloads) {
      std::vector<StudyTime>& studies = score.studies[submission][workload];
      std::optional<double>& time = score.time_to_target[submission][workload];
      const auto found = workloads.find(workload);
      if (found == workloads.end() || found->second.empty()) continue;
      for (const double value : found->second) {
        studies.push_back({std::ssize(studies), value, std::nullopt, std::nullopt});
      }
      time = median_of(found->second);
    }
  }
  score.profile = compute_profile(score.time_to_target, options);
  return score;
}

}  // namespace timetrial
