#pragma once

// The rules of performance_profile.h on plain arrays: one implementation for tables with names and for
// thousands of replicates of such a table.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "results/scoring/performance_profile.h"

namespace timetrial {

// Arrays are column by column, one entry a submission. Infinity = missed, NaN = no data.
struct ScoredTimes {
  std::vector<double> qualified;  // base and held-out columns; only the base ones mean something
  std::vector<double> ratios;     // base columns
  std::vector<double> grid;       // tau, or log10(tau) where the options say so
  std::vector<double> tau;
  std::vector<std::size_t>
      first_tau;               // base columns: first point of tau at or above the ratio; else tau.size()
  std::vector<double> scores;  // one a submission; NaN where the grid has no width
};

// The row of options.reference_submission, empty without one. Throws UserError when it is not there.
std::optional<std::size_t> reference_row(const std::vector<std::string>& submissions,
                                         const ProfileOptions& options);

// The columns that ProfileScorer reads.
std::vector<double> time_columns(const TimeTable& times, const std::vector<std::string>& submissions,
                                 const ProfileOptions& options);

class ProfileScorer {
 public:
  // Throws UserError as base_of().
  ProfileScorer(std::size_t submissions, const ProfileOptions& options, std::optional<std::size_t> reference);

  std::size_t submissions() const { return submissions_; }
  std::size_t bases() const { return bases_; }
  const std::vector<std::size_t>& base_of_held_out() const { return base_of_held_out_; }  // base columns
  std::size_t columns() const { return bases_ + base_of_held_out_.size(); }  // base, then held-out

  // `times`: columns() x submissions(). Reuses the memory of `result`; call it again with the same one.
  void score(const std::vector<double>& times, ScoredTimes& result) const;

 private:
  void qualify(std::vector<double>& times) const;
  void divide(const std::vector<double>& qualified, std::vector<double>& ratios) const;
  void lay_grid(ScoredTimes& result) const;
  void integrate(ScoredTimes& result) const;

  std::size_t submissions_;
  std::size_t bases_;
  std::vector<std::size_t> base_of_held_out_;  // base column of each held-out one
  std::optional<std::size_t> reference_;
  double cutoff_factor_;
  double tau_min_;
  std::optional<double> tau_max_;
  std::size_t tau_points_;
  bool log_tau_;
};

}  // namespace timetrial
