#pragma once

#include <cstdint>

namespace timetrial {

inline constexpr uint32_t kMostDevices = 32;
inline constexpr int64_t kTicksPerSecond = 1'000'000'000'000;  // times are whole picoseconds
inline constexpr int64_t kUnlimitedMemory = int64_t{1} << 62;

// The simulated machine: equal devices, each with a link to every other. At 50 GB/s spreading a graph pays
// but is not easy; with a link four times as slow nothing but a single device is worth learning.
struct Machine {
  uint32_t devices = 2;
  int64_t peak_flops = 9'300'000'000'000;      // a second, of one device
  int64_t memory_bandwidth = 732'000'000'000;  // bytes a second, of one device
  int64_t memory_bytes = 16'000'000'000;       // of one device
  int64_t launch_ps = 1'000'000;               // before every kernel
  int64_t link_bandwidth = 50'000'000'000;     // bytes a second that one device sends
  int64_t link_latency_ps = 2'000'000;         // of every transfer; our choice, as all of these numbers
};

// Throws std::logic_error: no devices or more than kMostDevices, a rate below 1, negative memory or time.
void validate(const Machine& machine);

}  // namespace timetrial
