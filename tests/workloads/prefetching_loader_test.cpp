#include "workloads/data/prefetching_loader.h"

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "harness/threads/harness_thread.h"

namespace timetrial {
namespace {

// Batch n holds the number n. Odd tasks are slower, so that several threads finish out of order.
class CountingSource : public BatchSource {
 public:
  Task next_task() override {
    if (position_ == fail_cutting_at) throw std::runtime_error("cannot cut");
    const int64_t number = position_++;
    return [this, number] {
      ++running;
      std::this_thread::sleep_for(std::chrono::microseconds(number % 2 == 1 ? 2000 : 100));
      --running;
      if (number == fail_task_at) throw std::runtime_error("cannot make batch");
      Batch batch;
      batch.examples = number;
      return batch;
    };
  }
  DataPosition position() const override { return {position_}; }
  void seek(const DataPosition& position) override { position_ = position.at(0); }

  int64_t fail_cutting_at = -1;
  int64_t fail_task_at = -1;
  static inline std::atomic<int> running{0};

 private:
  int64_t position_ = 0;
};

class PrefetchingLoaderOnThreads : public testing::TestWithParam<int> {
 protected:
  PrefetchingLoader loader(CountingSource source = {}) const {
    return PrefetchingLoader(std::make_unique<CountingSource>(source), GetParam(), 4);
  }
};

TEST_P(PrefetchingLoaderOnThreads, KeepsTheOrderOfTheSource) {
  PrefetchingLoader batches = loader();
  for (int64_t i = 0; i < 40; ++i) EXPECT_EQ(batches.next().examples, i);
}

// Or the harness would take them for the submission's own.
TEST_P(PrefetchingLoaderOnThreads, ItsThreadsAreTheHarness) {
  class Source : public CountingSource {
   public:
    Task next_task() override {
      return [] {
        Batch batch;
        batch.examples = harness_threads().contains(::gettid()) ? 1 : 0;
        return batch;
      };
    }
  };
  PrefetchingLoader batches(std::make_unique<Source>(), GetParam(), 4);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(batches.next().examples, 1);
}

TEST_P(PrefetchingLoaderOnThreads, PositionIsThatOfTheLastBatchHandedOut) {
  PrefetchingLoader batches = loader();
  EXPECT_EQ(batches.position(), DataPosition{0});
  for (int64_t i = 0; i < 5; ++i) {
    batches.next();
    EXPECT_EQ(batches.position(), DataPosition{i + 1});
  }
}

TEST_P(PrefetchingLoaderOnThreads, SeekDropsWhatWasPrefetched) {
  PrefetchingLoader batches = loader();
  batches.next();
  batches.seek({100});
  EXPECT_EQ(batches.position(), DataPosition{100});
  for (int64_t i = 100; i < 110; ++i) EXPECT_EQ(batches.next().examples, i);
  batches.seek({3});
  EXPECT_EQ(batches.next().examples, 3);
}

TEST_P(PrefetchingLoaderOnThreads, SeekBeforeTheFirstBatch) {
  PrefetchingLoader batches = loader();
  batches.seek({7});
  EXPECT_EQ(batches.next().examples, 7);
}

TEST_P(PrefetchingLoaderOnThreads, ExceptionOfATaskComesAtItsPlace) {
  CountingSource source;
  source.fail_task_at = 3;
  PrefetchingLoader batches = loader(source);
  for (int64_t i = 0; i < 3; ++i) EXPECT_EQ(batches.next().examples, i);
  EXPECT_THROW(batches.next(), std::runtime_error);
  EXPECT_EQ(batches.position(), DataPosition{3});
  EXPECT_EQ(batches.next().examples, 4);
}

TEST_P(PrefetchingLoaderOnThreads, ExceptionOfTheSourceEndsTheStreamUntilSeek) {
  CountingSource source;
  source.fail_cutting_at = 2;
  PrefetchingLoader batches = loader(source);
  EXPECT_EQ(batches.next().examples, 0);
  EXPECT_EQ(batches.next().examples, 1);
  EXPECT_THROW(batches.next(), std::runtime_error);
  EXPECT_THROW(batches.next(), std::runtime_error);
  batches.seek({5});
  EXPECT_EQ(batches.next().examples, 5);
}

TEST_P(PrefetchingLoaderOnThreads, EndsWhileThreadsWaitForRoom) {
  {
    PrefetchingLoader batches = loader();
    batches.next();
    std::this_thread::sleep_for(std::chrono::milliseconds(30));  // the queue is full, all threads wait
  }
  EXPECT_EQ(CountingSource::running, 0);
}

TEST_P(PrefetchingLoaderOnThreads, EndsWhileThreadsWork) {
  for (int i = 0; i < 10; ++i) {
    PrefetchingLoader batches = loader();
    batches.next();
  }
  EXPECT_EQ(CountingSource::running, 0);
}

TEST_P(PrefetchingLoaderOnThreads, EndsWithoutEverHavingStarted) {
  PrefetchingLoader batches = loader();
}

INSTANTIATE_TEST_SUITE_P(Threads, PrefetchingLoaderOnThreads, testing::Values(1, 3));

TEST(PrefetchingLoader, HoldsNoMoreThanItsDepth) {
  class Counted : public BatchSource {
   public:
    explicit Counted(std::atomic<int>& cut) : cut_(cut) {}
    Task next_task() override {
      ++cut_;
      return [] { return Batch(); };
    }
    DataPosition position() const override { return {cut_.load()}; }
    void seek(const DataPosition&) override {}

   private:
    std::atomic<int>& cut_;
  };
  std::atomic<int> cut{0};
  PrefetchingLoader loader(std::make_unique<Counted>(cut), 2, 3);
  loader.next();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_LE(cut, 4);  // one consumed, three waiting
}

}  // namespace
}  // namespace timetrial
