#include "results/performance_profile.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool is_missed(const std::optional<double>& time) {
  return !time || std::isinf(*time);
}

// Over submissions; no data takes no part. Empty when no submission has data.
std::optional<double> best_of(const TimeTable& table, const std::string& workload) {
  std::optional<double> best;
  for (const auto& [submission, row] : table) {
    const std::optional<double>& time = row.at(workload);
    if (time && (!best || *time < *best)) best = time;
  }
  return best;
}

TimeTable restricted(const TimeTable& times, const std::vector<std::string>& workloads) {
  TimeTable table;
  for (const auto& [submission, row] : times) {
    for (const std::string& workload : workloads) {
      const auto found = row.find(workload);
      table[submission][workload] = found == row.end() ? std::nullopt : found->second;
    }
  }
  return table;
}

void void_times_beyond_cutoff(TimeTable& table, const std::vector<std::string>& workloads, double factor) {
  for (const std::string& workload : workloads) {
    const std::optional<double> best = best_of(table, workload);
    if (!best) continue;
    const double limit = factor * *best;
    for (auto& [submission, row] : table) {
      std::optional<double>& time = row.at(workload);
      if (time && *time > limit) time = kInfinity;
    }
  }
}

// A held-out time counts only where the base was reached, and a base time only where the held-out one
// qualified. The cut in between sees held-out times of qualified submissions only, but base times of all: the
// reference's order.
TimeTable qualified_times(const TimeTable& times, const ProfileOptions& options) {
  std::vector<std::string> columns = options.base_workloads;
  columns.insert(columns.end(), options.held_out.begin(), options.held_out.end());
  TimeTable table = restricted(times, columns);
  for (const std::string& held_out : options.held_out) {
    const std::string base = base_of(held_out, options.base_workloads);
    for (auto& [submission, row] : table) {
      if (is_missed(row.at(base))) row.at(held_out) = kInfinity;
    }
  }
  void_times_beyond_cutoff(table, columns, options.cutoff_factor);
  for (const std::string& held_out : options.held_out) {
    const std::string base = base_of(held_out, options.base_workloads);
    for (auto& [submission, row] : table) {
      if (is_missed(row.at(held_out))) row.at(base) = kInfinity;
    }
  }
  return restricted(table, options.base_workloads);
}

// Where the division has no answer (infinity over infinity, no data in the divisor) the time itself stays, as
// in the reference: infinity stays infinity; beside a reference submission without data the raw seconds stay.
TimeTable ratios_of(const TimeTable& qualified, const ProfileOptions& options) {
  TimeTable ratios = qualified;
  for (const std::string& workload : options.base_workloads) {
    const std::optional<double> divisor = options.reference_submission.empty()
                                              ? best_of(qualified, workload)
                                              : qualified.at(options.reference_submission).at(workload);
    if (!divisor) continue;
    for (auto& [submission, row] : ratios) {
      std::optional<double>& time = row.at(workload);
      if (!time) continue;
      const double ratio = *time / *divisor;
      if (!std::isnan(ratio)) time = ratio;
    }
  }
  return ratios;
}

double largest_finite_ratio(const TimeTable& ratios) {
  double largest = 1.0;
  for (const auto& [submission, row] : ratios) {
    for (const auto& [workload, ratio] : row) {
      if (ratio && std::isfinite(*ratio)) largest = std::max(largest, *ratio);
    }
  }
  return largest;
}

// `count` points from `first` to `last`, both included.
std::vector<double> even_grid(double first, double last, int64_t count) {
  std::vector<double> grid;
  const double step = (last - first) / static_cast<double>(count - 1);
  for (int64_t i = 0; i < count; ++i) grid.push_back(static_cast<double>(i) * step + first);
  grid.back() = last;
  return grid;
}

std::optional<double> mean_height(const std::vector<double>& x, const std::vector<double>& y) {
  const double width = x.back() - x.front();
  if (width <= 0) return std::nullopt;
  double area = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) area += (x[i + 1] - x[i]) * (y[i + 1] + y[i]) / 2;
  return area / width;
}

}  // namespace

std::string base_of(const std::string& held_out, const std::vector<std::string>& base_workloads) {
  std::string base;
  for (const std::string& candidate : base_workloads) {
    if (held_out.starts_with(candidate + "_") && candidate.size() > base.size()) base = candidate;
  }
  if (base.empty()) {
    throw UserError({"a held-out workload is a variant of no scored workload", "scoring options", held_out,
                     "add its base workload to the scored ones, or leave it out"});
  }
  return base;
}

PerformanceProfile compute_profile(const TimeTable& times, const ProfileOptions& options) {
  if (!options.reference_submission.empty() && !times.count(options.reference_submission)) {
    throw UserError({"the reference submission is not among those that are scored", "scoring options",
                     options.reference_submission, "name one that has trials"});
  }
  PerformanceProfile profile;
  profile.qualified = qualified_times(times, options);
  profile.ratios = ratios_of(profile.qualified, options);

  const double tau_max = options.tau_max ? *options.tau_max : largest_finite_ratio(profile.ratios);
  const double last = options.log_tau ? std::log10(tau_max) : tau_max;
  const std::vector<double> grid =
      even_grid(options.log_tau ? std::log10(options.tau_min) : options.tau_min, last, options.tau_points);
  for (const double point : grid) profile.tau.push_back(options.log_tau ? std::pow(10.0, point) : point);

  for (const auto& [submission, row] : profile.ratios) {
    std::vector<double>& rho = profile.rho[submission];
    for (const double tau : profile.tau) {
      const auto within = std::count_if(row.begin(), row.end(),
                                        [&](const auto& cell) { return cell.second && *cell.second <= tau; });
      rho.push_back(static_cast<double>(within) / static_cast<double>(options.base_workloads.size()));
    }
    profile.scores[submission] = mean_height(grid, rho);
  }
  return profile;
}

}  // namespace timetrial
