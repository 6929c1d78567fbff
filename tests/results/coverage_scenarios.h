#pragma once

// The leaderboards on which the intervals are judged. The table of results/uncertainty/README.md lists them.

#include <vector>

#include "synthetic_leaderboard.h"

namespace timetrial {

// Where nearly nothing is certain to be 0 or 1: the coverage must be that of the level.
std::vector<Scenario> main_scenarios();
// Few pairs, many misses, close or very noisy fields.
std::vector<Scenario> hard_scenarios();
// As `score`, which must have five studies of nearly everything.
std::vector<Scenario> scenarios_like(const Score& score);

}  // namespace timetrial
