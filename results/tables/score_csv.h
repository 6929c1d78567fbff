#pragma once

#include <string>

#include "results/scoring/score.h"
#include "results/uncertainty/uncertainty.h"

namespace timetrial {

// One line per submission: submission, score, one column per workload with the time to target ("inf": not
// reached, empty: no data); then the intervals as score_low, score_high, rank_low, rank_high and
// <workload>_low, <workload>_high (empty: unknown). Numbers read back as the same doubles.
std::string score_csv(const Score& score, const Uncertainty& uncertainty);

// submission, tau, rho: the performance profile for those who plot elsewhere.
std::string profile_csv(const Score& score);

}  // namespace timetrial
