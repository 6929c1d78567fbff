#pragma once

#include <string>

#include "results/score.h"

namespace timetrial {

// One line per submission: submission, score, one column per workload with the time to target ("inf": not
// reached, empty: no data). Numbers read back as the same doubles.
std::string score_csv(const Score& score);

// submission, tau, rho: the performance profile for those who plot elsewhere.
std::string profile_csv(const Score& score);

}  // namespace timetrial
