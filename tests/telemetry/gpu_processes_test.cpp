#include "harness/telemetry/gpu_processes.h"

#include <gtest/gtest.h>

namespace timetrial {
namespace {

TEST(OtherProcesses, AreAllButThisOne) {
  EXPECT_EQ(other_processes({7, 8, 9}, 8, true), 2);
  EXPECT_EQ(other_processes({7, 8, 9}, 1, false), 3);
  EXPECT_EQ(other_processes({}, 1, true), 0);
}

TEST(OtherProcesses, InAContainerOneOfThoseThatAreListedIsThisOne) {
  EXPECT_EQ(other_processes({40001}, 8, true), 0);
  EXPECT_EQ(other_processes({40001, 40002}, 8, true), 1);
}

}  // namespace
}  // namespace timetrial
