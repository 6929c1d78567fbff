#pragma once

// Counts waits by the place in the code where they happen. Threads: add() from any.

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include "harness/journal/measurements.h"
#include "harness/waits/call_stack.h"

namespace timetrial {

class WaitPlaces {
 public:
  // So many places have a stack of their own. What comes after is counted by hook and operation.
  static constexpr std::size_t kMostPlaces = 50;

  void add(const std::string& hook, const std::string& operation, CallStack stack, double seconds);

  // Those with the most waits first. Names the functions of the stacks, which takes up to seconds.
  std::vector<SyncPlace> list() const;

 private:
  struct Waits {
    int64_t count = 0;
    double seconds = 0;
  };
  using Place = std::tuple<std::string, std::string, CallStack>;  // no stack: beyond the limit

  mutable std::mutex mutex_;
  std::map<Place, Waits> waits_;
};

}  // namespace timetrial
