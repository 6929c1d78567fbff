#include "tuning/mt19937_legacy.h"

namespace timetrial {

uint32_t LegacyRandomState::interval(uint32_t max) {
  if (max == 0) return 0;  // NumPy draws no word here either
  uint32_t mask = max;
  for (int shift = 1; shift <= 16; shift *= 2) mask |= mask >> shift;
  uint32_t value = next_word() & mask;
  while (value > max) value = next_word() & mask;
  return value;
}

double LegacyRandomState::random_sample() {
  const uint32_t high = next_word() >> 5;  // 27 bits
  const uint32_t low = next_word() >> 6;   // 26 bits
  return (static_cast<double>(high) * 67108864.0 + static_cast<double>(low)) / 9007199254740992.0;
}

}  // namespace timetrial
