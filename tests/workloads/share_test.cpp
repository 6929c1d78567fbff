#include "workloads/data/share.h"

#include <gtest/gtest.h>

namespace timetrial {
namespace {

TEST(Share, CoversEverythingOnceInOrderAndEvenly) {
  for (const int64_t count : {0, 1, 7, 64, 1000}) {
    for (const int64_t ranks : {1, 2, 3, 8}) {
      int64_t end = 0;
      for (int64_t rank = 0; rank < ranks; ++rank) {
        const Share share = share_of(count, rank, ranks);
        EXPECT_EQ(share.begin, end);
        EXPECT_GE(share.count(), count / ranks);
        EXPECT_LE(share.count(), (count + ranks - 1) / ranks);
        end = share.end;
      }
      EXPECT_EQ(end, count);
    }
  }
}

TEST(Share, OfTheOnlyRankIsEverything) {
  EXPECT_EQ(own_share(17), (Share{0, 17}));
}

}  // namespace
}  // namespace timetrial
