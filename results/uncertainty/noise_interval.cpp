#include "results/uncertainty/noise_interval.h"

#include <algorithm>
#include <cmath>

namespace timetrial {

double quantile_of(const std::vector<double>& sorted, double share) {
  const double position = share * static_cast<double>(sorted.size()) - 0.5;
  if (position <= 0) return sorted.front();
  const auto below = static_cast<std::size_t>(position);
  if (below + 1 >= sorted.size()) return sorted.back();
  const double low = sorted[below];
  const double high = sorted[below + 1];
  if (low == high) return low;  // also infinite ones
  return low + (high - low) * (position - std::floor(position));
}

Interval percentile_interval(const std::vector<double>& sorted, double estimate, double level) {
  return {std::min(estimate, quantile_of(sorted, (1 - level) / 2)),
          std::max(estimate, quantile_of(sorted, (1 + level) / 2))};
}

Interval unbiased_interval(const std::vector<double>& sorted, double estimate, double bias, double level) {
  const double low = quantile_of(sorted, (1 - level) / 2) - 2 * bias - std::max(bias, 0.0);
  const double high = quantile_of(sorted, (1 + level) / 2) - 2 * bias - std::min(bias, 0.0);
  return {std::min(estimate, std::clamp(low, 0.0, 1.0)), std::max(estimate, std::clamp(high, 0.0, 1.0))};
}

}  // namespace timetrial
