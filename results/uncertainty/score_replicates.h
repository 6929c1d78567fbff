#pragma once

// Scores of replicated tables of times: each replicate passes through all rules of the profile. Pure.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "results/scoring/profile_scorer.h"
#include "results/uncertainty/time_replicates.h"

namespace timetrial {

struct ScoreReplicates {
  std::size_t count = 0;
  std::vector<double> scores;  // submission by submission, `count` each
  std::vector<double> ranks;   // the same; 1 = best, equal scores share the better rank
  // How often a submission has 0, 1, … workloads within tau: [(submission * taus + tau) * (bases + 1)].
  std::vector<uint32_t> within;
  // What noise in the times alone adds to the means of the scores and of the heights of the profiles; what is
  // missed or voided by a variant in some replicates only is no part of it.
  std::vector<double> score_bias;  // one a submission
  std::vector<double> rho_bias;    // [submission * taus + tau]
};

// `cells`: what `replicates` were drawn from, in the scorer's order. `tau`: where the profiles are counted;
// it is the scorer's own grid when `grid_is_fixed`.
ScoreReplicates score_replicates(const ProfileScorer& scorer, const std::vector<CellEvidence>& cells,
                                 const TimeReplicates& replicates, const std::vector<double>& tau,
                                 bool grid_is_fixed);

}  // namespace timetrial
