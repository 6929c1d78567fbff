#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace timetrial {

// Cuts a row of costs (>= 0) into at most `blocks` contiguous blocks such that the most expensive block is as
// cheap as it can be; gives the block of every place, ascending from 0. Of several ways the one that fills
// earlier blocks first. Their sum must fit into int64.
std::vector<uint32_t> balanced_blocks(std::span<const int64_t> costs, uint32_t blocks);

}  // namespace timetrial
