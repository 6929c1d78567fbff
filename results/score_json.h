#pragma once

#include <string>

#include "results/score.h"

namespace timetrial {

// {"scores": {submission: x}, "time_to_target": {submission: {workload: seconds | "inf" | null}},
//  "profile": {"tau": […], "rho": {submission: […]}}, "notes": […]}. Numbers read back as the same doubles; a
//  score
// that has no value is null.
std::string score_json(const Score& score);

}  // namespace timetrial
