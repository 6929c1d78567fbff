#include "harness/controller/worker_group.h"

#include <csignal>

#include <gtest/gtest.h>

#include "harness/journal/worker_exit.h"

namespace timetrial {
namespace {

const WorkerEnd kDone{kWorkerDone, 0, "", {}};
const WorkerEnd kLost{kWorkerRankLost, 0, "", {}};
const WorkerEnd kStopped{kWorkerInterrupted, 0, "", {}};
const WorkerEnd kMistake{kWorkerUserError, 0, "no data", {}};
const WorkerEnd kKilled{0, SIGKILL, "", {}};
const WorkerEnd kCrashed{0, SIGSEGV, "", {}};

TEST(DecisiveEnd, OfOneRankIsItsEnd) {
  EXPECT_EQ(decisive_end({kMistake}).rank, 0);
  EXPECT_EQ(decisive_end({kMistake}).end.message, "no data");
}

TEST(DecisiveEnd, IsTheCauseNotWhatFollowedFromIt) {
  EXPECT_EQ(decisive_end({kLost, kCrashed, kLost}).rank, 1);
  EXPECT_EQ(decisive_end({kLost, kLost, kKilled}).rank, 2);
  EXPECT_EQ(decisive_end({kLost, kMistake}).rank, 1);
  EXPECT_EQ(decisive_end({kKilled, kCrashed}).rank, 1);
  EXPECT_EQ(decisive_end({kKilled, kMistake}).rank, 1);
}

TEST(DecisiveEnd, OfRanksThatEndAlikeIsTheFirst) {
  EXPECT_EQ(decisive_end({kDone, kDone}).rank, 0);
  EXPECT_EQ(decisive_end({kStopped, kStopped}).end.exit_code, kWorkerInterrupted);
  EXPECT_EQ(decisive_end({kDone, kStopped}).rank, 1);
}

}  // namespace
}  // namespace timetrial
