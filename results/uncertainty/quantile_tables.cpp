#include "results/uncertainty/quantile_tables.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace timetrial {

// With x = sqrt(degrees) tan(angle) the density of t becomes cos(angle)^(degrees - 1) on (-pi/2, pi/2):
// smooth and bounded, so the trapezoid rule from the middle outwards will do.
std::vector<double> student_quantiles(double degrees, std::size_t count) {
  const std::size_t steps = 1024;
  // Beyond 12 deviations of the angle there is nothing left.
  const double reach = std::min(std::numbers::pi / 2, 12 / std::sqrt(degrees));
  const double width = reach / static_cast<double>(steps);
  std::vector<double> area(steps + 1);
  double before = 1;
  for (std::size_t i = 1; i <= steps; ++i) {
    const double height = std::pow(std::cos(width * static_cast<double>(i)), degrees - 1);
    area[i] = area[i - 1] + (before + height) / 2;
    before = height;
  }
  std::vector<double> quantiles(count);
  std::size_t step = 0;
  for (std::size_t i = count / 2; i < count; ++i) {
    const double probability = (static_cast<double>(i) + 0.5) / static_cast<double>(count);
    const double wanted = (2 * probability - 1) * area[steps];
    while (step + 1 < steps && area[step + 1] < wanted) ++step;
    const double angle =
        width * (static_cast<double>(step) + (wanted - area[step]) / (area[step + 1] - area[step]));
    quantiles[i] = std::sqrt(degrees) * std::tan(angle);
    quantiles[count - 1 - i] = -quantiles[i];
  }
  return quantiles;
}

double normal_probability(double value) {
  return std::erfc(-value / std::numbers::sqrt2) / 2;
}

double normal_quantile(double probability) {
  double low = -40;
  double high = 40;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (normal_probability(middle) < probability ? low : high) = middle;
  }
  return (low + high) / 2;
}

std::vector<double> histogram_quantiles(const std::vector<double>& mass, std::size_t count) {
  double total = 0;
  for (const double slice : mass) total += slice;
  std::vector<double> quantiles(count);
  std::size_t slice = 0;
  double below = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double wanted = (static_cast<double>(i) + 0.5) / static_cast<double>(count) * total;
    while (slice + 1 < mass.size() && below + mass[slice] < wanted) below += mass[slice++];
    quantiles[i] =
        (static_cast<double>(slice) + (wanted - below) / mass[slice]) / static_cast<double>(mass.size());
  }
  return quantiles;
}

}  // namespace timetrial
