#include "harness/worker/watchdog.h"

#include <chrono>
#include <future>
#include <string>

#include <gtest/gtest.h>

namespace timetrial {
namespace {

using namespace std::chrono_literals;

TEST(Watchdog, NamesTheCallThatDoesNotReturn) {
  std::promise<std::string> stalled;
  Watchdog watchdog(0.3, nullptr, [&](const char* call, double) { stalled.set_value(call); });
  watchdog.entered("initialize");
  watchdog.left();
  watchdog.entered("update");
  std::future<std::string> call = stalled.get_future();
  ASSERT_EQ(call.wait_for(20s), std::future_status::ready);
  EXPECT_EQ(call.get(), "update");
  watchdog.left();
}

TEST(Watchdog, LetsManyShortCallsAndLongPausesPass) {
  std::atomic<bool> stalled{false};
  {
    Watchdog watchdog(0.3, nullptr, [&](const char*, double) { stalled.store(true); });
    const auto end = std::chrono::steady_clock::now() + 800ms;
    while (std::chrono::steady_clock::now() < end) {
      watchdog.entered("update");
      watchdog.left();
    }
    std::this_thread::sleep_for(800ms);  // outside any call: an evaluation may take as long as it likes
  }
  EXPECT_FALSE(stalled.load());
}

}  // namespace
}  // namespace timetrial
