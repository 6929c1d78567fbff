#include "harness/worker/thread_watch.h"

#include <atomic>
#include <chrono>
#include <ctime>
#include <functional>
#include <optional>
#include <thread>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <pthread.h>

#include "harness/threads/harness_thread.h"
#include "harness/worker/openmp_team.h"
#include "harness/worker/submission_library.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;

// Uses the processor for that long, however busy the machine is.
void compute(double seconds) {
  const auto used = [] {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  };
  const double end = used() + seconds;
  while (used() < end) {
  }
}

// A thread that does one piece of work when it is told to.
class Worker {
 public:
  explicit Worker(std::function<void()> begin = [] {}) : thread_([this, begin] { run(begin); }) {
    while (!ready_) std::this_thread::yield();
  }
  ~Worker() {
    end_ = true;
    thread_.join();
  }
  void work(double seconds) {
    wanted_ = seconds;
    while (wanted_ > 0) std::this_thread::yield();
  }

 private:
  void run(const std::function<void()>& begin) {
    ::pthread_setname_np(::pthread_self(), "a-worker");
    begin();
    ready_ = true;
    while (!end_) {
      if (wanted_ > 0) {
        compute(wanted_);
        wanted_ = 0;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

  std::atomic<bool> ready_{false};
  std::atomic<bool> end_{false};
  std::atomic<double> wanted_{0};
  std::thread thread_;
};

TEST(ThreadWatch, NamesAThreadThatWentOn) {
  ThreadWatch watch;
  Worker worker;
  watch.begin_rest();
  worker.work(0.1);
  try {
    watch.end_rest();
    ADD_FAILURE() << "it was not noticed";
  } catch (const SubmissionError& error) {
    EXPECT_EQ(error.call(), "prepare_for_eval");
    EXPECT_THAT(error.what(), HasSubstr("'a-worker'"));
    EXPECT_THAT(error.what(), HasSubstr("To cure it: finish or pause"));
  }
}

TEST(ThreadWatch, LetsThemWorkWhileTheClockRuns) {
  ThreadWatch watch;
  Worker worker;
  watch.end_rest();
  worker.work(0.1);
  watch.begin_rest();
  EXPECT_NO_THROW(watch.end_rest());
  worker.work(0.1);
  EXPECT_NO_THROW(watch.end_rest());
}

TEST(ThreadWatch, NeverBlamesThreadsOfTheHarness) {
  Worker before;
  ThreadWatch watch;
  std::optional<Worker> during;
  {
    const ThreadWatch::HarnessWork work(watch);
    during.emplace();
  }
  std::optional<HarnessThread> mark;
  Worker marked([&] { mark.emplace(); });
  watch.begin_rest();
  before.work(0.1);
  during->work(0.1);
  marked.work(0.1);
  EXPECT_NO_THROW(watch.end_rest());
}

TEST(ThreadWatch, NeverBlamesAThreadThatMarksItselfLate) {
  ThreadWatch watch;
  std::atomic<bool> go{false};
  std::atomic<bool> done{false};
  std::atomic<bool> end{false};
  std::thread late([&] {
    while (!go) std::this_thread::yield();
    const HarnessThread mark;
    compute(0.1);
    done = true;
    while (!end) std::this_thread::yield();
  });
  watch.begin_rest();
  go = true;
  while (!done) std::this_thread::yield();
  EXPECT_NO_THROW(watch.end_rest());
  end = true;
  late.join();
}

double cpu_seconds_of_other_threads() {
  const auto used = [](clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  };
  return used(CLOCK_PROCESS_CPUTIME_ID) - used(CLOCK_THREAD_CPUTIME_ID);
}

void wait_until_others_rest() {
  constexpr int kMostRounds = 30;
  double before = -1;
  for (int round = 0; round < kMostRounds; ++round) {
    const double used = cpu_seconds_of_other_threads();
    if (used < before + 1e-3) return;
    before = used;
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
  }
}

// As when a submission changes the number of threads in its update, and an evaluation then uses them.
TEST(ThreadWatch, NeverBlamesOpenMpThreadsThatCameToBeInTheSubmission) {
  const int threads_before = at::get_num_threads();
  ThreadWatch watch;
  at::set_num_threads(threads_before + 2);
  at::Tensor values = at::zeros({1 << 20});
  values.cos_();
  // set_num_threads also starts threads of a pool for XNNPACK. They look for work for some milliseconds
  // before they sleep, on a busy machine for long after, and are none of OpenMP's.
  wait_until_others_rest();
  watch.begin_rest();
  const double begin = cpu_seconds_of_other_threads();
  while (cpu_seconds_of_other_threads() < begin + 0.3) values.cos_();
  EXPECT_NO_THROW(watch.end_rest());
  EXPECT_EQ(openmp_team().size(), static_cast<std::size_t>(threads_before) + 2);
  at::set_num_threads(threads_before);
}

}  // namespace
}  // namespace timetrial
