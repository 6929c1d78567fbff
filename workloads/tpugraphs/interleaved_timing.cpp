#include "workloads/tpugraphs/interleaved_timing.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "harness/random/split_mix.h"
#include "workloads/metrics/time_ranking.h"

namespace timetrial {
namespace {

constexpr double kLeastResolution = 0.03;
constexpr double kDifferences = 3;

void shuffle(std::vector<int64_t>& order, uint64_t& state) {
  for (size_t i = order.size(); i > 1; --i) {
    const uint64_t bits = split_mix_bits(state += kSplitMixIncrement);
    std::swap(order[i - 1], order[bits % i]);
  }
}

void keep_least(int64_t& least, int64_t time) {
  least = least == 0 ? time : std::min(least, time);
}

}  // namespace

std::vector<LeastTimes> time_interleaved(const InterleavedRuns& runs) {
  if (runs.rounds < 2) throw std::logic_error("times of less than two rounds have no halves");
  std::vector<LeastTimes> times(static_cast<size_t>(runs.ways));
  std::vector<int64_t> order(times.size());
  std::iota(order.begin(), order.end(), int64_t{0});
  uint64_t state = runs.seed;
  for (int64_t round = -1; round < runs.rounds; ++round) {
    shuffle(order, state);
    for (const int64_t way : order) {
      const int64_t begin = runs.nanoseconds();
      runs.run(way);
      const int64_t time = std::max<int64_t>(runs.nanoseconds() - begin, 1);
      if (round < 0) continue;
      LeastTimes& least = times[static_cast<size_t>(way)];
      keep_least(least.all, time);
      keep_least(round % 2 == 0 ? least.even : least.odd, time);
    }
  }
  return times;
}

TimingNoise timing_noise(const std::vector<LeastTimes>& times) {
  std::vector<double> even, odd, differences;
  for (const LeastTimes& time : times) {
    even.push_back(static_cast<double>(time.even));
    odd.push_back(static_cast<double>(time.odd));
    differences.push_back(std::abs(even.back() - odd.back()) / static_cast<double>(time.all));
  }
  TimingNoise noise;
  if (times.empty()) return noise;
  noise.tau = kendall_tau(even, odd);
  const auto middle = differences.begin() + std::ssize(differences) / 2;
  std::nth_element(differences.begin(), middle, differences.end());
  noise.difference = *middle;
  noise.resolution = std::max(kLeastResolution, kDifferences * noise.difference);
  const std::vector<float> predicted(even.begin(), even.end());
  noise.accuracy = ordered_pairs(predicted, odd, noise.resolution).accuracy();
  return noise;
}

int64_t monotonic_nanoseconds() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC_RAW, &time);
  return int64_t{1'000'000'000} * time.tv_sec + time.tv_nsec;
}

}  // namespace timetrial
