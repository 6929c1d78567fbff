#include "harness/distributed/process_group.h"

#include <array>
#include <cerrno>

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "../temporary_folder.h"
#include "run_ranks.h"

namespace timetrial {
namespace {

using ::testing::ElementsAre;

using ProcessGroupTest = FolderTest;

TEST_F(ProcessGroupTest, SumsAreTheSameBitsOnEveryRank) {
  for (const int64_t ranks : {2, 3}) {
    run_ranks(ranks, folder_, [&](ProcessGroup& group) {
      at::manual_seed(static_cast<uint64_t>(group.rank()));
      const at::Tensor own = at::randn({1000, 7});
      const at::Tensor columns = at::randn({5, 4}).t();  // dense, in another order of memory
      const at::Tensor counts = at::full({3}, group.rank() + 1, at::kLong);
      const at::Tensor sum = own.clone();
      group.sum({sum, columns, counts});
      EXPECT_EQ(counts[0].item<int64_t>(), ranks * (ranks + 1) / 2);
      const std::vector<at::Tensor> sums = group.gather(sum.reshape(-1));
      const std::vector<at::Tensor> parts = group.gather(own.reshape(-1));
      for (const at::Tensor& other : sums) EXPECT_TRUE(other.equal(sums[0]));
      EXPECT_TRUE(at::allclose(at::stack(parts).sum(0), sums[0], 1e-5, 1e-6));
    });
  }
}

TEST_F(ProcessGroupTest, GathersListsOfAnyLengthInTheOrderOfRanks) {
  run_ranks(3, folder_, [](ProcessGroup& group) {
    const std::vector<at::Tensor> found = group.gather(at::arange(group.rank(), at::kDouble));
    ASSERT_EQ(found.size(), 3U);
    for (int64_t rank = 0; rank < 3; ++rank)
      EXPECT_TRUE(found[static_cast<size_t>(rank)].equal(at::arange(rank, at::kDouble)));
    EXPECT_EQ(group.gather(at::empty({0}, at::kByte)).at(2).numel(), 0);
  });
}

TEST_F(ProcessGroupTest, AgreesOnTheLargestOfEachValue) {
  run_ranks(2, folder_, [](ProcessGroup& group) {
    const auto own = static_cast<double>(group.rank());
    EXPECT_THAT(group.largest({own, -own, 0.1}), ElementsAre(1, 0, 0.1));
  });
}

TEST_F(ProcessGroupTest, ARankThatLeavesIsLostAndItsWordIsHeard) {
  run_ranks(3, folder_, [](ProcessGroup& group) {
    group.largest({0});
    if (group.rank() == 2) {
      group.leave_word("two is out");
      group.leave_word("nobody hears this");
      ::_exit(0);
    }
    EXPECT_FALSE(group.lost());
    EXPECT_THROW(group.sum({at::ones({10})}), RankLost);
    EXPECT_TRUE(group.lost());
    EXPECT_EQ(group.word(10).value_or(""), "two is out");
    EXPECT_FALSE(group.waiting());
  });
}

TEST_F(ProcessGroupTest, AWriteToWhoIsGoneEndsNoRank) {
  run_ranks(2, folder_, [](ProcessGroup&) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    ::close(ends[0]);
    EXPECT_EQ(::write(ends[1], "x", 1), -1);
    EXPECT_EQ(errno, EPIPE);
  });
}

TEST_F(ProcessGroupTest, ARankThatDiesLeavesNoWord) {
  run_ranks(2, folder_, [](ProcessGroup& group) {
    group.largest({0});
    if (group.rank() == 1) ::_exit(0);
    EXPECT_THROW(group.gather(at::ones({10})), RankLost);
    EXPECT_FALSE(group.word(0.2).has_value());
  });
}

TEST_F(ProcessGroupTest, DoesNotMeetTheRanksOfAnEarlierLaunchThatWereKilled) {
  write(folder_ / "ranks-earlier", "what a killed rank left behind");
  run_ranks(2, folder_, [](ProcessGroup& group) { EXPECT_THAT(group.largest({1}), ElementsAre(1)); });
  EXPECT_FALSE(std::filesystem::exists(folder_ / "ranks-earlier"));
}

TEST(SoleRank, HasNothingToAddUp) {
  const at::Tensor values = at::ones({3});
  ranks().sum({values});
  average_over_ranks({values});
  EXPECT_TRUE(values.equal(at::ones({3})));
  EXPECT_EQ(ranks().count(), 1);
  EXPECT_TRUE(ranks().gather(values).at(0).equal(values));
}

}  // namespace
}  // namespace timetrial
