#include "harness/threads/harness_thread.h"

#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

namespace timetrial {
namespace {

TEST(HarnessThread, IsKnownAsLongAsTheMarkLives) {
  pid_t id = 0;
  std::thread([&] {
    id = ::gettid();
    EXPECT_FALSE(harness_threads().contains(id));
    {
      const HarnessThread mark;
      EXPECT_TRUE(harness_threads().contains(id));
    }
    EXPECT_FALSE(harness_threads().contains(id));
  }).join();
  EXPECT_NE(id, ::gettid());
}

}  // namespace
}  // namespace timetrial
