#include "harness/worker/rank_agreement.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace timetrial {
namespace {

constexpr double kNotMine = -std::numeric_limits<double>::infinity();

}  // namespace

int64_t steps_until_agreement(double step_seconds, double seconds_until_due) {
  if (!(step_seconds > 0)) return 1;
  const double fitting = std::floor(std::min(kAgreementSeconds, seconds_until_due) / step_seconds);
  return std::max<int64_t>(1, static_cast<int64_t>(fitting));
}

double RankAgreement::agree(int64_t step, double own_seconds, const TrialBudget& budget) {
  double seconds = kNotMine;
  double next = kNotMine;
  if (group_->rank() == 0) {
    const int64_t steps = step - last_step_;
    const double step_seconds = steps > 0 ? (own_seconds - last_seconds_) / static_cast<double>(steps) : 0;
    const int64_t wait = std::min(steps_until_agreement(step_seconds, budget.seconds_until_due(own_seconds)),
                                  budget.steps_until_due(step));
    seconds = own_seconds;
    next = static_cast<double>(step + wait);
  }
  const std::vector<double> agreed = exchange({seconds, next});
  last_step_ = step;
  last_seconds_ = agreed[0];
  next_ = static_cast<int64_t>(agreed[1]);
  return agreed[0];
}

std::vector<double> RankAgreement::exchange(std::vector<double> values) {
  values.insert(values.end(), {own_diverged_ ? 1.0 : 0.0, own_interrupted_ ? 1.0 : 0.0});
  const std::vector<double> agreed = group_->largest(values);
  interrupted_ = agreed.back() != 0;
  diverged_ = agreed[agreed.size() - 2] != 0;
  return agreed;
}

bool RankAgreement::first_says(bool own) {
  if (group_ == nullptr) return own;
  return group_->largest({group_->rank() == 0 && own ? 1.0 : 0.0})[0] != 0;
}

double RankAgreement::slowest(double own_seconds) {
  return group_ == nullptr ? own_seconds : exchange({own_seconds})[0];
}

}  // namespace timetrial
