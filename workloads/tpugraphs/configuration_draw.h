#pragma once

#include <cstdint>
#include <vector>

namespace timetrial {

// Which configurations of a program a training batch takes: `count` of 0 … available - 1, all different where
// there are enough, else with repetitions. Drawn from (seed, epoch, program) alone.
std::vector<uint32_t> draw_configurations(int64_t available, int64_t count, uint64_t seed, int64_t epoch,
                                          int64_t program);

}  // namespace timetrial
