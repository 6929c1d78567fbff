#include <vector>

#include <gtest/gtest.h>

#include "harness/machine/machine.h"

namespace timetrial {
namespace {

constexpr int64_t kBytes = 256 << 20;

// The float64 model of the fingerprint must not count as the trial's.
TEST(PeakMemory, CanBeForgotten) {
  forget_peak_resident();
  const int64_t before = peak_resident_bytes();
  { const std::vector<char> large(kBytes, 1); }
  EXPECT_GT(peak_resident_bytes(), before + kBytes / 2);
  forget_peak_resident();
  EXPECT_LT(peak_resident_bytes(), before + kBytes / 2);
}

}  // namespace
}  // namespace timetrial
