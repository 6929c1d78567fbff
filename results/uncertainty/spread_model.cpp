#include "results/uncertainty/spread_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace timetrial {

namespace {

// From "every cell has its own spread" to "all have the same".
constexpr std::array kPriorDegrees = {1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 9.0, 14.0, 25.0, 60.0, 200.0};
// Steps of the grid in log variance, in standard deviations of its likelihood.
constexpr std::array kSteps = {-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0};

// Times that agree by rounding must not make the pool believe in variances near zero: no variance counts as
// less than this share of the median.
constexpr double kTieFloor = 1e-3;

double median_of_positive(const std::vector<CellSpread>& cells) {
  std::vector<double> positive;
  for (const CellSpread& cell : cells) {
    if (cell.variance > 0) positive.push_back(cell.variance);
  }
  const auto middle = positive.begin() + std::ssize(positive) / 2;
  std::nth_element(positive.begin(), middle, positive.end());
  return *middle;
}

// Log likelihood of the variances given the prior (Smyth 2004, equation 4), without terms that are the same
// for every prior, with its two derivatives by log(prior.variance).
struct Likelihood {
  double value = 0;
  double slope = 0;
  double curvature = 0;
};

Likelihood likelihood_of(const std::vector<CellSpread>& cells, double variance, double degrees) {
  Likelihood sum;
  const double prior = degrees * variance;
  for (const CellSpread& cell : cells) {
    const double both = degrees + cell.degrees;
    const double total = prior + cell.degrees * cell.variance;
    const double share = prior / total;
    sum.value += std::lgamma(both / 2) - std::lgamma(degrees / 2) +
                 (degrees * std::log(prior) - both * std::log(total)) / 2;
    sum.slope += (degrees - both * share) / 2;
    sum.curvature -= both * share * (1 - share) / 2;
  }
  return sum;
}

// The likelihood has one mode in log variance; the slope falls from positive to negative.
double most_likely_variance(const std::vector<CellSpread>& cells, double degrees, double low, double high) {
  for (int i = 0; i < 60 && high / low > 1 + 1e-6; ++i) {
    const double middle = std::sqrt(low * high);
    (likelihood_of(cells, middle, degrees).slope > 0 ? low : high) = middle;
  }
  return std::sqrt(low * high);
}

}  // namespace

std::vector<SpreadPrior> fit_spread(const std::vector<CellSpread>& cells) {
  std::vector<CellSpread> telling;
  double smallest = 0;
  double largest = 0;
  for (const CellSpread& cell : cells) {
    if (cell.degrees <= 0) continue;
    telling.push_back(cell);
    largest = std::max(largest, cell.variance);
    if (cell.variance > 0 && (smallest == 0 || cell.variance < smallest)) smallest = cell.variance;
  }
  if (telling.empty()) return {};
  if (largest == 0) return {{0, kPriorDegrees.back(), 1}};
  const double floor = kTieFloor * median_of_positive(telling);
  for (CellSpread& cell : telling) cell.variance = std::max(cell.variance, floor);
  smallest = std::max(smallest, floor);

  std::vector<SpreadPrior> priors;
  for (const double degrees : kPriorDegrees) {
    const double mode = most_likely_variance(telling, degrees, 1e-6 * smallest, 1e3 * largest);
    const double deviation = 1 / std::sqrt(std::max(-likelihood_of(telling, mode, degrees).curvature, 1e-2));
    for (const double step : kSteps) {
      const double variance = mode * std::exp(step * deviation);
      priors.push_back(
          {variance, degrees, likelihood_of(telling, variance, degrees).value + std::log(deviation)});
    }
  }
  const auto best = std::max_element(priors.begin(), priors.end(),
                                     [](const auto& a, const auto& b) { return a.weight < b.weight; });
  const double top = best->weight;
  double sum = 0;
  for (SpreadPrior& prior : priors) prior.weight = std::exp(prior.weight - top);
  std::erase_if(priors, [](const SpreadPrior& prior) { return prior.weight < 1e-4; });
  for (const SpreadPrior& prior : priors) sum += prior.weight;
  for (SpreadPrior& prior : priors) prior.weight /= sum;
  return priors;
}

double pooled_variance(const SpreadPrior& prior, const CellSpread& cell) {
  return (prior.degrees * prior.variance + cell.degrees * cell.variance) / (prior.degrees + cell.degrees);
}

// Numerical integrals of the order statistics' densities; beyond the table the asymptote, 1 % off at most.
double median_deviation(std::size_t count) {
  constexpr std::array<double, 11> kTable = {1,        1,        0.707107, 0.669829, 0.546079, 0.535569,
                                             0.463411, 0.458745, 0.410112, 0.407555, 0.371943};
  if (count < kTable.size()) return kTable[count];
  return std::sqrt(std::numbers::pi / 2 / (static_cast<double>(count) + (count % 2 == 1 ? 0.5 : 1.3)));
}

}  // namespace timetrial
