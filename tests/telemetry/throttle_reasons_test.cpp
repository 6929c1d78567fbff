#include "harness/telemetry/throttle_reasons.h"

#include <gmock/gmock.h>

namespace timetrial {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ThrottleReasons, AnIdleGpuIsNotThrottled) {
  EXPECT_THAT(throttle_reasons(0), IsEmpty());
  EXPECT_THAT(throttle_reasons(0x1), IsEmpty());
}

TEST(ThrottleReasons, AreNamedAlsoWhereTheyAreNew) {
  EXPECT_THAT(throttle_reasons(0x24), ElementsAre("heat (by the driver)", "power limit"));
  EXPECT_THAT(throttle_reasons(0x204), ElementsAre("power limit", "reason 0x200"));
}

}  // namespace
}  // namespace timetrial
