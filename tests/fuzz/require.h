#pragma once

#include <cstdio>
#include <cstdlib>

namespace timetrial {

// What must hold for any input; the fuzzer keeps the input that it does not hold for.
inline void require(bool fact, const char* text) {
  if (fact) return;
  std::fprintf(stderr, "does not hold: %s\n", text);
  std::abort();
}

}  // namespace timetrial
