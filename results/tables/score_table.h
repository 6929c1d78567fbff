#pragma once

#include <string>

#include "results/scoring/score.h"
#include "results/uncertainty/uncertainty.h"

namespace timetrial {

// Submissions by falling score (those without a score last), equal ones alphabetical.
std::vector<std::string> ranking(const Score& score);

// The score tables for the terminal: scores with their intervals, ranks, and the chance that each beats the
// next, marked where that is within the noise; then time to target per workload; speedups over a reference
// submission; what the signs mean, and the notes. "∞": target not reached; "(12.3)": reached, but void by the
// held-out rule or the cut-off; "–": no data; "±4%": how far the interval reaches.
std::string score_table(const Score& score, const Uncertainty& uncertainty);

}  // namespace timetrial
