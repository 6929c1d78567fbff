#include "results/scoring/reference_drift.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace timetrial {

std::optional<ReferenceDrift> reference_drift(const std::vector<ReferenceTimesRecord>& measurements) {
  std::map<std::string, std::vector<double>> by_kernel;
  for (const ReferenceTimesRecord& measurement : measurements) {
    for (const auto& [kernel, seconds] : measurement.seconds) by_kernel[kernel].push_back(seconds);
  }
  std::optional<ReferenceDrift> most;
  for (const auto& [kernel, seconds] : by_kernel) {
    if (seconds.size() < 2) continue;
    const auto [fastest, slowest] = std::minmax_element(seconds.begin(), seconds.end());
    const double share = *slowest / *fastest - 1;
    if (!most || share > most->share) most = {kernel, share};
  }
  return most;
}

std::optional<bool> has_drifted(const std::vector<ReferenceTimesRecord>& measurements, double allowed) {
  if (allowed <= 0) return std::nullopt;
  const std::optional<ReferenceDrift> drift = reference_drift(measurements);
  if (!drift) return std::nullopt;
  return drift->share > allowed;
}

std::string to_string(const ReferenceDrift& drift) {
  return fmt::format("{:.1f} % ({})", 100 * drift.share, drift.kernel);
}

}  // namespace timetrial
