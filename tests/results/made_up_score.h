#pragma once

// A Score from the times of studies, as compute_score would give.

#include <map>
#include <string>
#include <vector>

#include "results/scoring/score.h"

namespace timetrial {

// submission -> full workload name -> time of each study, infinity = missed. May leave workloads out.
using StudyTimes = std::map<std::string, std::map<std::string, std::vector<double>>>;

Score made_up_score(const StudyTimes& times, const ProfileOptions& options);

}  // namespace timetrial
