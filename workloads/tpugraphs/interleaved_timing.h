#pragma once

// Times many ways of doing the same work against each other. Every round runs each of them once, in an order
// of its own, so that a drift of the machine hits all alike; the least of many rounds is what counts, since
// whatever disturbs a run makes it longer.

#include <cstdint>
#include <functional>
#include <vector>

namespace timetrial {

struct InterleavedRuns {
  int64_t ways = 0;
  int64_t rounds = 20;  // after one that does not count
  uint64_t seed = 0;    // of the orders
  std::function<void(int64_t way)> run;
  std::function<int64_t()> nanoseconds;  // a clock
};

// Of one way, in nanoseconds. The rounds are halved in turn (even, odd), so that the halves can be compared.
struct LeastTimes {
  int64_t all = 0;
  int64_t even = 0;
  int64_t odd = 0;
};

// One entry a way, in order. Throws std::logic_error for less than two rounds.
std::vector<LeastTimes> time_interleaved(const InterleavedRuns& runs);

// How far the times can be trusted, by comparing the halves. Pure.
struct TimingNoise {
  double tau = 0;       // Kendall's tau between the halves: no prediction can be expected to do better
  double accuracy = 0;  // of one half as a prediction of the other, on pairs beyond the resolution: likewise
  double difference = 0;  // median over the ways of |even - odd| / least of both
  double resolution = 0;  // two ways whose times differ by less may be equal: max(3 %, 3 · difference)
};
TimingNoise timing_noise(const std::vector<LeastTimes>& times);

// CLOCK_MONOTONIC_RAW.
int64_t monotonic_nanoseconds();

}  // namespace timetrial
