// Expected values come from libspandsp 0.0.6, an independent decoder of the recommendation.

#include "workloads/librispeech/g722.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include <gmock/gmock.h>

namespace timetrial {
namespace {

// A stream that is neither silent nor beyond the 16-bit range.
std::string stream(int count) {
  static constexpr std::array<uint8_t, 8> kBytes = {220, 254, 158, 61, 29, 188, 91, 222};
  std::string bytes;
  for (int i = 0; i < count; ++i) {
    bytes += static_cast<char>(kBytes[static_cast<size_t>((i * 37 + 11 + (i * i >> 5)) >> 3 & 7)]);
  }
  return bytes;
}

TEST(G722, DecodesTheFirstBytesAsAnotherDecoderDoes) {
  EXPECT_THAT(decode_g722(stream(16)),
              testing::ElementsAre(-1, 0, 0, -1, -1, 0, -1, 0, 0, -1, -1, -1, -3, -7, -3, -2, -6, -11, 1, -9,
                                   -2, -11, -7, -5, -3, -11, -1, -12, -1, -9, 3, -11));
}

TEST(G722, StaysWithTheOtherDecoderOverALongStream) {
  const auto samples = decode_g722(stream(4000));
  ASSERT_EQ(samples.size(), 8000U);
  uint64_t hash = 1469598103934665603ULL;
  int peak = 0;
  for (const int16_t sample : samples) {
    hash = (hash ^ static_cast<uint16_t>(sample)) * 1099511628211ULL;
    peak = std::max(peak, std::abs(static_cast<int>(sample)));
  }
  EXPECT_EQ(hash, 18067795403643601531ULL);
  EXPECT_EQ(peak, 21096);
}

TEST(G722, ASampleDependsOnNothingThatFollows) {
  const auto all = decode_g722(stream(1000));
  const auto some = decode_g722(stream(300));
  EXPECT_TRUE(std::equal(some.begin(), some.end(), all.begin()));
  EXPECT_TRUE(decode_g722("").empty());
}

TEST(G722, LoudestStreamsStayWithinTheRange) {
  for (int byte = 0; byte < 256; ++byte) {
    EXPECT_EQ(decode_g722(std::string(2000, static_cast<char>(byte))).size(), 4000U);
  }
}

}  // namespace
}  // namespace timetrial
