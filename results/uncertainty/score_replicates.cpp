#include "results/uncertainty/score_replicates.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "results/scoring/special_values.h"

namespace timetrial {

namespace {

class Counting {
 public:
  Counting(const ProfileScorer& scorer, const std::vector<double>& tau, bool grid_is_fixed, std::size_t count)
      : submissions_(scorer.submissions()), tau_(tau), grid_is_fixed_(grid_is_fixed) {
    result_.count = count;
    result_.scores.resize(submissions_ * count);
    result_.ranks.resize(submissions_ * count);
    result_.score_bias.resize(submissions_);
    result_.rho_bias.resize(submissions_ * tau.size());
    result_.within.resize(submissions_ * tau.size() * (scorer.bases() + 1));
    sorted_.resize(submissions_);
    heights_.resize(submissions_ * tau.size());
    settled_heights_.resize(submissions_ * tau.size());
  }

  // `settled`: the same replicate without noise in its times.
  void add(std::size_t replicate, const ScoredTimes& scored, const ScoredTimes& settled) {
    sorted_ = scored.scores;
    std::sort(sorted_.begin(), sorted_.end());
    for (std::size_t i = 0; i < submissions_; ++i) {
      const double score = scored.scores[i];
      const auto better = sorted_.end() - std::upper_bound(sorted_.begin(), sorted_.end(), score);
      result_.scores[i * result_.count + replicate] = score;
      result_.ranks[i * result_.count + replicate] = static_cast<double>(better + 1);
      result_.score_bias[i] += score - settled.scores[i];
    }
    count_heights(scored, heights_);
    const std::size_t bases = scored.ratios.size() / submissions_;
    for (std::size_t i = 0; i < heights_.size(); ++i) {
      ++result_.within[i * (bases + 1) + heights_[i]];
      result_.rho_bias[i] += heights_[i];
    }
    if (&settled != last_settled_ || settled_changed_) count_heights(settled, settled_heights_);
    for (std::size_t i = 0; i < heights_.size(); ++i) result_.rho_bias[i] -= settled_heights_[i];
    last_settled_ = &settled;
    settled_changed_ = false;
  }
  void forget_settled() { settled_changed_ = true; }

  ScoreReplicates finish(std::size_t bases) {
    const auto count = static_cast<double>(result_.count);
    for (double& bias : result_.score_bias) bias /= count;
    for (double& bias : result_.rho_bias) bias /= count * static_cast<double>(bases);
    return std::move(result_);
  }

 private:
  std::size_t first_tau(const ScoredTimes& scored, std::size_t cell) const {
    if (grid_is_fixed_) return scored.first_tau[cell];
    const double ratio = scored.ratios[cell];
    if (!(ratio <= tau_.back())) return tau_.size();
    return static_cast<std::size_t>(std::lower_bound(tau_.begin(), tau_.end(), ratio) - tau_.begin());
  }

  // Workloads within each tau.
  void count_heights(const ScoredTimes& scored, std::vector<uint32_t>& heights) const {
    std::fill(heights.begin(), heights.end(), 0U);
    for (std::size_t cell = 0; cell < scored.ratios.size(); ++cell) {
      const std::size_t first = first_tau(scored, cell);
      if (first < tau_.size()) ++heights[cell % submissions_ * tau_.size() + first];
    }
    for (std::size_t i = 0; i < heights.size(); ++i) {
      if (i % tau_.size() != 0) heights[i] += heights[i - 1];
    }
  }

  std::size_t submissions_;
  const std::vector<double>& tau_;
  bool grid_is_fixed_;
  ScoreReplicates result_;
  std::vector<double> sorted_;
  std::vector<uint32_t> heights_;
  std::vector<uint32_t> settled_heights_;
  const ScoredTimes* last_settled_ = nullptr;
  bool settled_changed_ = true;
};

// Which base times count: reached, and not voided by a variant. The cut of the base column itself is no part
// of it, for a time near the cut is worth nearly nothing on either side.
void mark_counting(const ProfileScorer& scorer, const std::vector<double>& times, const ScoredTimes& scored,
                   std::vector<char>& counts) {
  const std::size_t submissions = scorer.submissions();
  counts.resize(scored.ratios.size());
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = std::isfinite(times[i]);
  for (std::size_t held_out = 0; held_out < scorer.base_of_held_out().size(); ++held_out) {
    for (std::size_t row = 0; row < submissions; ++row) {
      if (std::isfinite(scored.qualified[(scorer.bases() + held_out) * submissions + row])) continue;
      counts[scorer.base_of_held_out()[held_out] * submissions + row] = 0;
    }
  }
}

}  // namespace

ScoreReplicates score_replicates(const ProfileScorer& scorer, const std::vector<CellEvidence>& cells,
                                 const TimeReplicates& replicates, const std::vector<double>& tau,
                                 bool grid_is_fixed) {
  std::vector<double> reported;
  for (const CellEvidence& cell : cells) reported.push_back(cell.reported);
  ScoredTimes as_reported;
  scorer.score(reported, as_reported);

  std::vector<char> counted_before;
  std::vector<char> counts;
  mark_counting(scorer, reported, as_reported, counted_before);

  Counting counting(scorer, tau, grid_is_fixed, replicates.count);
  ScoredTimes scored;
  ScoredTimes other_pattern;
  std::vector<double> times(cells.size());
  // Held-out times all alike: who qualifies is decided already.
  std::vector<double> settled(cells.size(), 1.0);
  for (std::size_t replicate = 0; replicate < replicates.count; ++replicate) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      times[i] = replicates.times[i * replicates.count + replicate];
    }
    scorer.score(times, scored);
    mark_counting(scorer, times, scored, counts);
    if (counts == counted_before) {
      counting.add(replicate, scored, as_reported);
      continue;
    }
    for (std::size_t i = 0; i < counts.size(); ++i) {
      settled[i] = !counts[i] ? kInfinity : counted_before[i] ? reported[i] : times[i];
    }
    scorer.score(settled, other_pattern);
    counting.forget_settled();
    counting.add(replicate, scored, other_pattern);
  }
  return counting.finish(scorer.bases());
}

}  // namespace timetrial
