#pragma once

// Speed perturbation (Ko, Peddinti, Povey, Khudanpur 2015, "Audio augmentation for speech recognition"): the
// same words, said faster and higher or slower and deeper.

#include <cstdint>
#include <span>
#include <vector>

namespace timetrial {

// Speeds are whole parts of kSpeedUnit, and the arithmetic is that of integers, so that every machine writes
// the same samples.
inline constexpr int64_t kSpeedUnit = 20;

// The samples played at speed / kSpeedUnit, interpolated linearly: floor(samples * kSpeedUnit / speed) of
// them. speed is at least 1.
std::vector<int16_t> play_at_speed(std::span<const int16_t> samples, int64_t speed);

}  // namespace timetrial
