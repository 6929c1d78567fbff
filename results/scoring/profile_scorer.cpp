#include "results/scoring/profile_scorer.h"

#include <algorithm>
#include <cmath>

#include "harness/errors/user_error.h"
#include "results/scoring/special_values.h"

namespace timetrial {

namespace {

bool is_missed(double time) {
  return !std::isfinite(time);
}

// No data takes no part. NaN when no submission has data.
double best_of(const double* column, std::size_t submissions) {
  double best = kNan;
  for (std::size_t i = 0; i < submissions; ++i) {
    if (!(column[i] >= best) && !std::isnan(column[i])) best = column[i];
  }
  return best;
}

void void_times_beyond_cutoff(double* column, std::size_t submissions, double factor) {
  const double limit = factor * best_of(column, submissions);
  for (std::size_t i = 0; i < submissions; ++i) {
    if (column[i] > limit) column[i] = kInfinity;
  }
}

double largest_finite(const std::vector<double>& ratios) {
  double largest = 1.0;
  for (const double ratio : ratios) {
    if (std::isfinite(ratio)) largest = std::max(largest, ratio);
  }
  return largest;
}

// `count` points from `first` to `last`, both included.
std::vector<double> even_grid(double first, double last, std::size_t count) {
  std::vector<double> grid(count);
  const double step = (last - first) / static_cast<double>(count - 1);
  for (std::size_t i = 0; i < count; ++i) grid[i] = static_cast<double>(i) * step + first;
  grid.back() = last;
  return grid;
}

}  // namespace

std::optional<std::size_t> reference_row(const std::vector<std::string>& submissions,
                                         const ProfileOptions& options) {
  if (options.reference_submission.empty()) return std::nullopt;
  const auto found = std::find(submissions.begin(), submissions.end(), options.reference_submission);
  if (found == submissions.end()) {
    throw UserError({"the reference submission is not among those that are scored", "scoring options",
                     options.reference_submission, "name one that has trials"});
  }
  return static_cast<std::size_t>(found - submissions.begin());
}

std::vector<double> time_columns(const TimeTable& times, const std::vector<std::string>& submissions,
                                 const ProfileOptions& options) {
  std::vector<double> columns;
  for (const auto* workloads : {&options.base_workloads, &options.held_out}) {
    for (const std::string& workload : *workloads) {
      for (const std::string& submission : submissions) {
        const auto& row = times.at(submission);
        const auto found = row.find(workload);
        columns.push_back(found == row.end() ? kNan : found->second.value_or(kNan));
      }
    }
  }
  return columns;
}

ProfileScorer::ProfileScorer(std::size_t submissions, const ProfileOptions& options,
                             std::optional<std::size_t> reference)
    : submissions_(submissions),
      bases_(options.base_workloads.size()),
      reference_(reference),
      cutoff_factor_(options.cutoff_factor),
      tau_min_(options.tau_min),
      tau_max_(options.tau_max),
      tau_points_(static_cast<std::size_t>(options.tau_points)),
      log_tau_(options.log_tau) {
  const std::vector<std::string>& bases = options.base_workloads;
  for (const std::string& held_out : options.held_out) {
    const auto base = std::find(bases.begin(), bases.end(), base_of(held_out, bases));
    base_of_held_out_.push_back(static_cast<std::size_t>(base - bases.begin()));
  }
}

void ProfileScorer::score(const std::vector<double>& times, ScoredTimes& result) const {
  result.qualified = times;
  qualify(result.qualified);
  divide(result.qualified, result.ratios);
  if (!tau_max_ || result.tau.empty()) lay_grid(result);
  integrate(result);
}

// A held-out time counts only where the base was reached, and a base time only where the held-out one
// qualified. The cut in between sees held-out times of qualified submissions only, but base times of all: the
// reference's order.
void ProfileScorer::qualify(std::vector<double>& times) const {
  const auto column = [&](std::size_t index) { return times.data() + index * submissions_; };
  for (std::size_t held_out = 0; held_out < base_of_held_out_.size(); ++held_out) {
    const double* base = column(base_of_held_out_[held_out]);
    double* variant = column(bases_ + held_out);
    for (std::size_t i = 0; i < submissions_; ++i) {
      if (is_missed(base[i])) variant[i] = kInfinity;
    }
  }
  for (std::size_t i = 0; i < columns(); ++i) {
    void_times_beyond_cutoff(column(i), submissions_, cutoff_factor_);
  }
  for (std::size_t held_out = 0; held_out < base_of_held_out_.size(); ++held_out) {
    double* base = column(base_of_held_out_[held_out]);
    const double* variant = column(bases_ + held_out);
    for (std::size_t i = 0; i < submissions_; ++i) {
      if (is_missed(variant[i])) base[i] = kInfinity;
    }
  }
}

// Where the division has no answer (infinity over infinity, no data in the divisor) the time itself stays, as
// in the reference: infinity stays infinity; beside a reference submission without data the raw seconds stay.
void ProfileScorer::divide(const std::vector<double>& qualified, std::vector<double>& ratios) const {
  ratios.resize(bases_ * submissions_);
  for (std::size_t base = 0; base < bases_; ++base) {
    const double* column = qualified.data() + base * submissions_;
    const double divisor = reference_ ? column[*reference_] : best_of(column, submissions_);
    for (std::size_t i = 0; i < submissions_; ++i) {
      const double ratio = column[i] / divisor;
      ratios[base * submissions_ + i] = std::isnan(ratio) ? column[i] : ratio;
    }
  }
}

void ProfileScorer::lay_grid(ScoredTimes& result) const {
  const double tau_max = tau_max_ ? *tau_max_ : largest_finite(result.ratios);
  const double last = log_tau_ ? std::log10(tau_max) : tau_max;
  result.grid = even_grid(log_tau_ ? std::log10(tau_min_) : tau_min_, last, tau_points_);
  result.tau = result.grid;
  if (!log_tau_) return;
  for (double& tau : result.tau) tau = std::pow(10.0, tau);
}

// The area under the profile is the mean over workloads of the area under each one's own step, which the
// trapezoid rule turns into a ramp over the cell before the step.
void ProfileScorer::integrate(ScoredTimes& result) const {
  const std::vector<double>& grid = result.grid;
  const double width = grid.back() - grid.front();
  result.scores.assign(submissions_, width > 0 ? 0.0 : kNan);
  result.first_tau.resize(result.ratios.size());
  for (std::size_t cell = 0; cell < result.ratios.size(); ++cell) {
    const double ratio = result.ratios[cell];
    std::size_t& first = result.first_tau[cell];
    if (!(ratio <= result.tau.back())) {
      first = grid.size();
      continue;
    }
    first = static_cast<std::size_t>(std::lower_bound(result.tau.begin(), result.tau.end(), ratio) -
                                     result.tau.begin());
    const double ramp = first == 0 ? 0.0 : (grid[first] - grid[first - 1]) / 2;
    if (width > 0) result.scores[cell % submissions_] += grid.back() - grid[first] + ramp;
  }
  if (!(width > 0)) return;
  for (double& score : result.scores) score /= width * static_cast<double>(bases_);
}

}  // namespace timetrial
