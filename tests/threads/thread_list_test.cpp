#include "harness/threads/thread_list.h"

#include <algorithm>
#include <atomic>
#include <ctime>
#include <thread>

#include <gtest/gtest.h>
#include <pthread.h>
#include <unistd.h>

namespace timetrial {
namespace {

TEST(ThreadList, ReadsALineOfTheSystem) {
  const auto reading = parse_thread_stat(
      "4711 (a) b (c) S 1 4711 4711 0 -1 4194304 100 0 0 0 250 50 7 8 20 0 3 0 987654 1000000 200 18446744",
      100);
  ASSERT_TRUE(reading.has_value());
  EXPECT_EQ(reading->key.id, 4711);
  EXPECT_EQ(reading->key.start, 987654U);
  EXPECT_EQ(reading->name, "a) b (c");
  EXPECT_DOUBLE_EQ(reading->cpu_seconds, 3.0);
}

TEST(ThreadList, RefusesWhatIsNoSuchLine) {
  for (const char* line :
       {"", "4711", "4711 (a", "4711 a) S", "x (a) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19",
        "4711 (a) S 1 4711 4711 0 -1 4194304 100 0 0 0 250 50"}) {
    EXPECT_FALSE(parse_thread_stat(line, 100).has_value()) << line;
  }
}

TEST(ThreadList, HasThisThreadAndAnotherWithItsTime) {
  std::atomic<pid_t> id{0};
  std::atomic<bool> end{false};
  std::thread other([&] {
    ::pthread_setname_np(::pthread_self(), "the other one");
    timespec used{};
    while (used.tv_sec == 0 && used.tv_nsec < 100'000'000) ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    id = ::gettid();
    while (!end) std::this_thread::yield();
  });
  while (id == 0) std::this_thread::yield();
  const std::vector<ThreadReading> threads = threads_of_this_process();
  end = true;
  other.join();
  const auto find = [&](pid_t wanted) {
    return std::find_if(threads.begin(), threads.end(),
                        [&](const ThreadReading& thread) { return thread.key.id == wanted; });
  };
  EXPECT_NE(find(::gettid()), threads.end());
  const auto found = find(id);
  ASSERT_NE(found, threads.end());
  EXPECT_EQ(found->name, "the other one");
  EXPECT_GE(found->cpu_seconds, 0.08);  // whole ticks
  EXPECT_NE(found->key.start, 0U);
}

}  // namespace
}  // namespace timetrial
