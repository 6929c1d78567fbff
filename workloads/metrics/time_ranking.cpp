#include "workloads/metrics/time_ranking.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace timetrial {
namespace {

void require_same_length(size_t predicted, size_t measured) {
  if (predicted != measured) {
    throw std::logic_error(std::to_string(predicted) + " predictions of " + std::to_string(measured) +
                           " measurements");
  }
}

int sign(double value) {
  return (value > 0) - (value < 0);
}

}  // namespace

double OrderedPairs::accuracy() const {
  return all == 0 ? 1 : static_cast<double>(right) / static_cast<double>(all);
}

OrderedPairs ordered_pairs(std::span<const float> predicted, std::span<const double> measured,
                           double resolution) {
  require_same_length(predicted.size(), measured.size());
  OrderedPairs pairs;
  for (size_t i = 0; i < measured.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      const auto [slow, fast] = measured[i] > measured[j] ? std::pair{i, j} : std::pair{j, i};
      if (!(measured[slow] > measured[fast] * (1 + resolution))) continue;
      ++pairs.all;
      pairs.right += predicted[slow] > predicted[fast];
    }
  }
  return pairs;
}

double kendall_tau(std::span<const double> predicted, std::span<const double> measured) {
  require_same_length(predicted.size(), measured.size());
  int64_t agreement = 0, ordered_predictions = 0, ordered_measurements = 0;
  for (size_t i = 0; i < measured.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      const int prediction = sign(predicted[i] - predicted[j]);
      const int measurement = sign(measured[i] - measured[j]);
      agreement += prediction * measurement;
      ordered_predictions += prediction != 0;
      ordered_measurements += measurement != 0;
    }
  }
  if (ordered_predictions == 0 || ordered_measurements == 0) return 0;
  return static_cast<double>(agreement) / (std::sqrt(static_cast<double>(ordered_predictions)) *
                                           std::sqrt(static_cast<double>(ordered_measurements)));
}

double top_k_slowdown(std::span<const float> predicted, std::span<const double> measured, int64_t k) {
  require_same_length(predicted.size(), measured.size());
  if (k < 1 || measured.empty()) throw std::logic_error("the best of no configurations");
  std::vector<size_t> order(measured.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return predicted[a] < predicted[b]; });
  order.resize(std::min(order.size(), static_cast<size_t>(k)));
  double best_of_k = measured[order.front()];
  for (const size_t i : order) best_of_k = std::min(best_of_k, measured[i]);
  return best_of_k / *std::min_element(measured.begin(), measured.end()) - 1;
}

}  // namespace timetrial
