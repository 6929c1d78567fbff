#pragma once

// The ranking in words.

#include <string>
#include <utility>
#include <vector>

#include "results/scoring/score.h"
#include "results/uncertainty/uncertainty.h"

namespace timetrial {

// Pairs (better ranked one first) whose scores the data do not tell apart; empty without uncertainty.
std::vector<std::pair<std::string, std::string>> pairs_within_noise(const Score& score,
                                                                    const Uncertainty& uncertainty);

// "x leads with 0.78 [0.71, 0.83] and beats y, the next, with probability 0.93. y and z cannot be told
// apart." One to three sentences; says so where the lead is within noise or no interval is known.
std::string report_verdict(const Score& score, const Uncertainty& uncertainty);

}  // namespace timetrial
