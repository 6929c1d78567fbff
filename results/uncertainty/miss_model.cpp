#include "results/uncertainty/miss_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "results/uncertainty/quantile_tables.h"

namespace timetrial {

namespace {

constexpr std::array kMeans = {0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.25, 0.35, 0.5, 0.65, 0.8, 0.9};
// Sums of Beta's two numbers: from "a cell always misses or never" to "all cells miss equally often".
constexpr std::array kSums = {0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0};
constexpr std::size_t kSlices = 200;

double log_beta(double a, double b) {
  return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
}

// The outermost slices hold the poles of the density and are integrated without the other factor.
void add_beta(double a, double b, double weight, std::vector<double>& mass) {
  const double width = 1.0 / static_cast<double>(kSlices);
  const double scale = weight * std::exp(-log_beta(a, b));
  mass.front() += scale * std::pow(width, a) / a;
  mass.back() += scale * std::pow(width, b) / b;
  for (std::size_t i = 1; i + 1 < kSlices; ++i) {
    const double p = (static_cast<double>(i) + 0.5) * width;
    mass[i] += scale * width * std::pow(p, a - 1) * std::pow(1 - p, b - 1);
  }
}

}  // namespace

MissModel::MissModel(const std::vector<CellMisses>& cells) : prior_(kSlices) {
  std::map<std::pair<std::size_t, std::size_t>, double> counts;
  for (const CellMisses& cell : cells) {
    if (cell.studies > 0) ++counts[{cell.studies, cell.misses}];
  }
  struct Node {
    double a, b, log_weight;
  };
  std::vector<Node> nodes;
  double top = -HUGE_VAL;
  for (const double mean : kMeans) {
    for (const double sum : kSums) {
      Node node{mean * sum, (1 - mean) * sum, 0};
      for (const auto& [cell, count] : counts) {
        const auto hits = static_cast<double>(cell.first - cell.second);
        node.log_weight += count * (log_beta(node.a + static_cast<double>(cell.second), node.b + hits) -
                                    log_beta(node.a, node.b));
      }
      top = std::max(top, node.log_weight);
      nodes.push_back(node);
    }
  }
  for (const Node& node : nodes) {
    const double weight = std::exp(node.log_weight - top);
    if (weight > 1e-6) add_beta(node.a, node.b, weight, prior_);
  }
}

std::vector<double> MissModel::quantiles(const CellMisses& cell, std::size_t count) const {
  std::vector<double> posterior = prior_;
  for (std::size_t i = 0; i < kSlices; ++i) {
    const double p = (static_cast<double>(i) + 0.5) / static_cast<double>(kSlices);
    posterior[i] *= std::pow(p, static_cast<double>(cell.misses)) *
                    std::pow(1 - p, static_cast<double>(cell.studies - cell.misses));
  }
  return histogram_quantiles(posterior, count);
}

}  // namespace timetrial
