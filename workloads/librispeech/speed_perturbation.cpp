#include "workloads/librispeech/speed_perturbation.h"

#include <algorithm>

namespace timetrial {

std::vector<int16_t> play_at_speed(std::span<const int16_t> samples, int64_t speed) {
  const auto count = static_cast<int64_t>(samples.size());
  std::vector<int16_t> played(static_cast<size_t>(count * kSpeedUnit / speed));
  for (size_t i = 0; i < played.size(); ++i) {
    const int64_t place = static_cast<int64_t>(i) * speed;  // in parts of a sample
    const int64_t left = place / kSpeedUnit;
    const int64_t right = std::min(left + 1, count - 1);
    const int64_t share = place % kSpeedUnit;
    played[i] = static_cast<int16_t>((samples[static_cast<size_t>(left)] * (kSpeedUnit - share) +
                                      samples[static_cast<size_t>(right)] * share) /
                                     kSpeedUnit);
  }
  return played;
}

}  // namespace timetrial
