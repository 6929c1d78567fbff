#pragma once

// Which of the exhibits of many trials a report shows. Pure.

#include <map>
#include <string>
#include <vector>

#include "results/scoring/measurement.h"

namespace timetrial {

struct ShownExhibit {
  const TrialResult* trial = nullptr;  // of those given
  double value = 0;                    // its last validation value; NaN where it has none

  const ExhibitRecord& record() const { return trial->exhibits.back(); }
};

// full workload name -> submission -> the exhibit of the trial that ended with the best value of the
// workload's metric; of equal ones the earlier. What has none is left out.
using ShownExhibitTable = std::map<std::string, std::map<std::string, ShownExhibit>>;

// The trials outlive the table.
ShownExhibitTable shown_exhibits(const std::vector<TrialResult>& trials);

}  // namespace timetrial
