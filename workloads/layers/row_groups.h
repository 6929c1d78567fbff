#pragma once

// The index lists behind Segments (segments.h), made once when a batch is: no step has to sort.

#include <cstdint>
#include <vector>

namespace timetrial {

// 0 and the running sums: group g of `counts` has the places [offsets[g], offsets[g + 1]).
std::vector<int64_t> offsets_of(const std::vector<int64_t>& counts);

// How often each of 0 … groups - 1 occurs in `keys`, as offsets.
std::vector<int64_t> group_offsets(const std::vector<int64_t>& keys, int64_t groups);

// Stable: places of the keys in rising order. `offsets`: those of group_offsets().
std::vector<int64_t> places_by_group(const std::vector<int64_t>& keys, const std::vector<int64_t>& offsets);

// counts[g] times g, for every g in turn.
std::vector<int64_t> group_of_each(const std::vector<int64_t>& counts);

}  // namespace timetrial
