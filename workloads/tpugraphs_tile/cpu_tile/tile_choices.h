#pragma once

#include <cstdint>
#include <vector>

namespace timetrial {

// The tile sizes of each of several dimensions, chosen together: all combinations of powers of two that are
// legal, default first. With three tiled dimensions the powers are 4 to 128 (6 · 6 · 6 = 216 at most), with
// less 1 to 1024. A tile is legal when it is no larger than its dimension. The default is the largest legal
// one up to 32 in each.
std::vector<std::vector<int64_t>> tile_choices(const std::vector<int64_t>& sizes);

}  // namespace timetrial
