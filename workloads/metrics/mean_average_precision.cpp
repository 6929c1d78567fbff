#include "workloads/metrics/mean_average_precision.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

namespace timetrial {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
constexpr uint32_t kSignBit = 0x80000000u;

// Integers in the reverse order of the numbers; 0.0 and -0.0 give the same.
uint32_t descending_key(float score) {
  const auto bits = std::bit_cast<uint32_t>(score + 0.0f);
  return (bits & kSignBit) != 0 ? bits : ~(bits | kSignBit);
}

size_t examples_of(const TaskScores& all) {
  return all.scores.size() / static_cast<size_t>(all.tasks);
}

bool has_both_classes(const TaskScores& all, int64_t task) {
  bool zero = false;
  bool one = false;
  for (size_t i = static_cast<size_t>(task); i < all.labels.size(); i += static_cast<size_t>(all.tasks)) {
    zero = zero || all.labels[i] == 0;
    one = one || all.labels[i] == 1;
  }
  return zero && one;
}

}  // namespace

double average_precision(const TaskScores& all, int64_t task) {
  // Key in the upper bits, label in the lowest: sorting these sorts by score.
  std::vector<uint64_t> ranked;
  ranked.reserve(examples_of(all));
  int64_t all_positives = 0;
  for (size_t i = static_cast<size_t>(task); i < all.scores.size(); i += static_cast<size_t>(all.tasks)) {
    if (all.labelled[i] == 0) continue;
    if (std::isnan(all.scores[i])) return kUndefined;
    const bool positive = all.labels[i] == 1;
    all_positives += positive;
    ranked.push_back(uint64_t{descending_key(all.scores[i])} << 1 | static_cast<uint64_t>(positive));
  }
  if (ranked.empty()) return kUndefined;
  if (all_positives == 0) return 0;
  std::sort(ranked.begin(), ranked.end());
  double area = 0;
  int64_t positives = 0;
  for (size_t i = 0; i < ranked.size();) {
    const uint64_t key = ranked[i] >> 1;
    int64_t gained = 0;
    for (; i < ranked.size() && ranked[i] >> 1 == key; ++i) gained += static_cast<int64_t>(ranked[i] & 1);
    positives += gained;
    area += static_cast<double>(gained) * static_cast<double>(positives) / static_cast<double>(i);
  }
  return area / static_cast<double>(all_positives);
}

double mean_average_precision(const TaskScores& all) {
  double sum = 0;
  int64_t defined = 0;
  for (int64_t task = 0; task < all.tasks; ++task) {
    if (!has_both_classes(all, task)) continue;
    const double precision = average_precision(all, task);
    if (std::isnan(precision)) continue;
    sum += precision;
    ++defined;
  }
  return defined == 0 ? kUndefined : sum / static_cast<double>(defined);
}

}  // namespace timetrial
