#pragma once

// Sizes that blocks of the cache come in: multiples of 64 bytes up to 512, from there on eight to each
// doubling. A block is at most an eighth larger than what was asked for (up to 512 bytes: at most 63 bytes).
// Pure.

#include <cstddef>

namespace timetrial {

inline constexpr std::size_t kBlockAlignment = 64;  // of LibTorch's own allocator
inline constexpr std::size_t kLargestBlock = std::size_t{1} << 47;
inline constexpr std::size_t kSizeClasses = 8 + 8 * (47 - 9);

// The smallest class that holds `bytes`; bytes: 1 to kLargestBlock.
std::size_t size_class_holding(std::size_t bytes);

// The largest class that fits into `bytes`; bytes: kBlockAlignment to kLargestBlock.
std::size_t size_class_within(std::size_t bytes);

// A multiple of kBlockAlignment.
std::size_t bytes_of_class(std::size_t size_class);

}  // namespace timetrial
