#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace timetrial {

// Mixup (Zhang et al. 2018) in place: every row becomes weight * itself + (1 - weight) * the row before it,
// the first one with the last.
inline void mix_with_previous(float* rows, int64_t count, int64_t size, float weight) {
  const std::vector<float> last(rows + (count - 1) * size, rows + count * size);
  for (int64_t i = count - 1; i >= 0; --i) {
    float* row = rows + i * size;
    const float* previous = i > 0 ? row - size : last.data();
    for (int64_t x = 0; x < size; ++x) row[x] = weight * row[x] + (1.0f - weight) * previous[x];
  }
}

}  // namespace timetrial
