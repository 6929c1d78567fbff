#include "workloads/data/evaluation_pass.h"

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace timetrial {
namespace {

using testing::ElementsAre;

Batch range_batch(int64_t begin, int64_t count) {
  Batch batch;
  batch.examples = count;
  batch.tensors["inputs"] = at::arange(begin, begin + count);
  return batch;
}

std::vector<int64_t> firsts_and_counts(int64_t examples, int64_t batch_size, int threads) {
  std::vector<int64_t> seen;
  evaluation_pass(examples, batch_size, threads, range_batch, [&](const Batch& batch) {
    seen.push_back(batch.at("inputs")[0].item<int64_t>());
    seen.push_back(batch.examples);
  });
  return seen;
}

TEST(EvaluationPass, SeesEveryExampleOnceInOrderWhateverTheThreads) {
  for (const int threads : {1, 2, 5}) {
    EXPECT_THAT(firsts_and_counts(10, 4, threads), ElementsAre(0, 4, 4, 4, 8, 2)) << threads;
    EXPECT_THAT(firsts_and_counts(8, 4, threads), ElementsAre(0, 4, 4, 4)) << threads;
  }
  EXPECT_THAT(firsts_and_counts(3, 4, 1), ElementsAre(0, 3));
  EXPECT_THAT(firsts_and_counts(0, 4, 1), ElementsAre());
}

TEST(EvaluationPass, MakesAtMostTwoBatchesAThreadAhead) {
  std::atomic<int> made{0};
  int consumed = 0;
  int most_ahead = 0;
  evaluation_pass(
      50, 1, 2,
      [&](int64_t begin, int64_t count) {
        ++made;
        return range_batch(begin, count);
      },
      [&](const Batch&) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        most_ahead = std::max(most_ahead, made.load() - ++consumed);
      });
  EXPECT_EQ(consumed, 50);
  EXPECT_LE(most_ahead, 4);
}

TEST(EvaluationPass, ErrorOfABatchEndsThePassAtItsPlace) {
  int consumed = 0;
  const auto make = [](int64_t begin, int64_t count) {
    if (begin == 6) throw std::runtime_error("broken example");
    return range_batch(begin, count);
  };
  EXPECT_THROW(evaluation_pass(20, 2, 2, make, [&](const Batch&) { ++consumed; }), std::runtime_error);
  EXPECT_EQ(consumed, 3);
}

// Several loader threads with a team each would take the cores from the training.
TEST(EvaluationPass, LoaderThreadsUseOneThreadEachAndLeaveTheCallersSetting) {
  const int before = at::get_num_threads();
  at::set_num_threads(3);
  std::atomic<int> most{0};
  evaluation_pass(
      4, 1, 2,
      [&](int64_t begin, int64_t count) {
        at::parallel_for(0, 1000, 1,
                         [&](int64_t, int64_t) { most = std::max(most.load(), at::get_num_threads()); });
        return range_batch(begin, count);
      },
      [](const Batch&) {});
  EXPECT_EQ(most, 1);
  EXPECT_EQ(at::get_num_threads(), 3);
  at::set_num_threads(before);
}

}  // namespace
}  // namespace timetrial
