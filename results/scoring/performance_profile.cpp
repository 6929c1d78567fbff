#include "results/scoring/performance_profile.h"

#include <algorithm>
#include <cmath>

#include "harness/errors/user_error.h"
#include "results/scoring/profile_scorer.h"

namespace timetrial {

namespace {

std::optional<double> cell_of(double value) {
  return std::isnan(value) ? std::nullopt : std::optional<double>(value);
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
  std::vector<std::string> submissions;
  for (const auto& [submission, row] : times) submissions.push_back(submission);
  const ProfileScorer scorer(submissions.size(), options, reference_row(submissions, options));
  ScoredTimes scored;
  scorer.score(time_columns(times, submissions, options), scored);

  PerformanceProfile profile;
  profile.tau = scored.tau;
  const std::vector<std::string>& bases = options.base_workloads;
  for (std::size_t row = 0; row < submissions.size(); ++row) {
    const std::string& submission = submissions[row];
    std::vector<double> steps(scored.tau.size() + 1);
    for (std::size_t base = 0; base < bases.size(); ++base) {
      const std::size_t cell = base * submissions.size() + row;
      profile.qualified[submission][bases[base]] = cell_of(scored.qualified[cell]);
      profile.ratios[submission][bases[base]] = cell_of(scored.ratios[cell]);
      ++steps[scored.first_tau[cell]];
    }
    double within = 0;
    for (std::size_t i = 0; i < scored.tau.size(); ++i) {
      within += steps[i];
      profile.rho[submission].push_back(within / static_cast<double>(bases.size()));
    }
    profile.scores[submission] = cell_of(scored.scores[row]);
  }
  return profile;
}

}  // namespace timetrial
