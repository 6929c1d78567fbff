#include "workloads/data/evaluation_pass.h"

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "timetrial/ranks.h"

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
    return numbers({});
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

at::Tensor sum_and_count(const Batch& batch) {
  return numbers({batch.at("inputs").sum().item<double>(), static_cast<double>(batch.examples)});
}

TEST(EvaluationPass, ReturnsTheScoreOfEveryBatchInOrder) {
  const std::vector<at::Tensor> scores = evaluation_pass(10, 4, 2, range_batch, sum_and_count);
  ASSERT_EQ(scores.size(), 3U);
  EXPECT_TRUE(scores[2].equal(numbers({8 + 9, 2})));
  EXPECT_THAT(sums_of(scores), ElementsAre(45, 10));
  EXPECT_THROW(sums_of({}), std::logic_error);
}

// One of several ranks, the others being made up: theirs are the scores that this one does not have.
class MadeUpRank final : public Ranks {
 public:
  MadeUpRank(int64_t rank, int64_t count) : rank_(rank), count_(count) {}
  int64_t rank() const override { return rank_; }
  int64_t count() const override { return count_; }
  void sum(const std::vector<at::Tensor>&) override {}
  std::vector<at::Tensor> gather(const at::Tensor& values) override {
    return std::vector<at::Tensor>(static_cast<size_t>(count_), values);
  }

 private:
  int64_t rank_;
  int64_t count_;
};

TEST(EvaluationPass, EveryRankScoresItsOwnBatchesOnly) {
  for (const int64_t rank : {0, 1, 2}) {
    MadeUpRank made_up(rank, 3);
    const InstalledRanks installed(made_up);
    std::vector<int64_t> own;  // of five batches: where each begins, and its size
    for (int64_t batch = rank; batch < 5; batch += 3) own.insert(own.end(), {4 * batch, 4});
    EXPECT_EQ(firsts_and_counts(20, 4, 2), own);
  }
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
        return numbers({});
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
  const auto count = [&](const Batch&) {
    ++consumed;
    return numbers({});
  };
  EXPECT_THROW(evaluation_pass(20, 2, 2, make, count), std::runtime_error);
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
      [](const Batch&) { return numbers({}); });
  EXPECT_EQ(most, 1);
  EXPECT_EQ(at::get_num_threads(), 3);
  at::set_num_threads(before);
}

}  // namespace
}  // namespace timetrial
