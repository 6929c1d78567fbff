#pragma once

#include <string>

#include "results/score.h"

namespace timetrial {

// Submissions by falling score (those without a score last), equal ones alphabetical.
std::vector<std::string> ranking(const Score& score);

// The score table for the terminal: score, then time to target per workload; below it what the signs mean and
// the notes. "∞": target not reached; "(12.3)": reached, but void by the held-out rule or the cut-off; "–":
// no data.
std::string score_table(const Score& score);

}  // namespace timetrial
