#pragma once

// AlgoPerf's scores from times to target: held-out rule, 4x cut, ratios, profile, integral. The order of the
// steps is that of the reference's scorer. Pure. Times: infinity = not reached, an empty optional = no data.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace timetrial {

// submission -> full workload name -> time. A workload that is absent from a row has no data.
using TimeTable = std::map<std::string, std::map<std::string, std::optional<double>>>;

struct ProfileOptions {
  std::vector<std::string> base_workloads = {};  // their number is the denominator of the profile
  std::vector<std::string> held_out = {};        // each a variant of one of them
  double cutoff_factor = 4.0;  // times strictly above this multiple of the best one count as misses
  double tau_min = 1.0;
  std::optional<double> tau_max = 4.0;  // empty: the largest finite ratio
  int64_t tau_points = 100;
  bool log_tau = false;                   // the grid is even in log10(tau), and so is the integral
  std::string reference_submission = {};  // ratios to its times instead of the best ones; "" = the best
};

struct PerformanceProfile {
  TimeTable qualified;  // base workloads only, misses and disqualified times infinite
  TimeTable ratios;     // to the best qualified time (infinite where there is none)
  std::vector<double> tau;
  std::map<std::string, std::vector<double>> rho;       // fraction of workloads within tau of the best
  std::map<std::string, std::optional<double>> scores;  // area under rho over the width of the grid, 0 … 1
};

// The base workload of a held-out one: the longest base name that it begins with. Throws UserError when there
// is none.
std::string base_of(const std::string& held_out, const std::vector<std::string>& base_workloads);

PerformanceProfile compute_profile(const TimeTable& times, const ProfileOptions& options);

}  // namespace timetrial
