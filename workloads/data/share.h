#pragma once

// Which part of a batch a rank works on.

#include <cstdint>

namespace timetrial {

// [begin, end).
struct Share {
  int64_t begin = 0;
  int64_t end = 0;

  int64_t count() const { return end - begin; }
  bool operator==(const Share&) const = default;
};

// Of `count` things for rank `rank` of `ranks`: shares follow each other in the order of the ranks and differ
// by one at most.
constexpr Share share_of(int64_t count, int64_t rank, int64_t ranks) {
  return {count * rank / ranks, count * (rank + 1) / ranks};
}

// Of this process (timetrial/ranks.h); everything where the trial has one rank.
Share own_share(int64_t count);

}  // namespace timetrial
