#pragma once

// How the ranks of a trial decide alike. Rank 0's clock rules: when an evaluation is due, and when the budget
// is used up, must be known to all at the same step. They agree every so many steps, not at each: in between
// nobody waits for anybody but in the gradients' averages, and a view of the clock is as old as the last
// agreement.

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/distributed/process_group.h"
#include "harness/worker/trial_budget.h"

namespace timetrial {

// A decision is late by so much at most, if steps take as long as before.
inline constexpr double kAgreementSeconds = 0.1;

// Steps from one agreement to the next: as many as fit into kAgreementSeconds and into the time until the
// next decision is due; at least one. Pure.
int64_t steps_until_agreement(double step_seconds, double seconds_until_due);

class RankAgreement {
 public:
  RankAgreement() = default;  // of one rank: agrees with itself at every step, at no cost
  explicit RankAgreement(ProcessGroup& group) : group_(&group) {}

  // After a step: what the submission clock shows to all ranks, or nothing between two agreements. `must`:
  // every rank knows that something is due at this step.
  std::optional<double> after_step(int64_t step, double own_seconds, bool must, const TrialBudget& budget) {
    if (group_ == nullptr) return own_seconds;
    if (step < next_ && !must) return std::nullopt;
    return agree(step, own_seconds, budget);
  }

  // What this rank found; counts for all at the next agreement.
  void note(bool diverged, bool interrupted) {
    own_diverged_ = diverged;
    own_interrupted_ = interrupted;
    if (group_ == nullptr) {
      diverged_ = diverged;
      interrupted_ = interrupted;
    }
  }
  bool diverged() const { return diverged_; }        // on any rank
  bool interrupted() const { return interrupted_; }  // any rank was asked to stop

  // What rank 0 finds, for facts that ranks may see at different moments. To be asked by every rank.
  bool first_says(bool own);

  // The clock has stopped: the time of the slowest rank. An agreement like the others.
  double slowest(double own_seconds);

 private:
  double agree(int64_t step, double own_seconds, const TrialBudget& budget);
  // The largest of each over the ranks; brings what they noted along.
  std::vector<double> exchange(std::vector<double> values);

  ProcessGroup* group_ = nullptr;
  bool own_diverged_ = false;
  bool own_interrupted_ = false;
  bool diverged_ = false;
  bool interrupted_ = false;
  int64_t next_ = 0;
  int64_t last_step_ = 0;
  double last_seconds_ = 0;
};

}  // namespace timetrial
