#include "harness/waits/call_stack.h"

#include <array>

#include <execinfo.h>

namespace timetrial {

namespace {

// A model's own code below an autograd engine is about 60 frames deep.
constexpr int kMostFrames = 128;

}  // namespace

CallStack current_call_stack() {
  std::array<void*, kMostFrames> addresses{};
  const int count = ::backtrace(addresses.data(), kMostFrames);
  return CallStack(addresses.begin() + 1, addresses.begin() + count);
}

}  // namespace timetrial
