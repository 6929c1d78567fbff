#include "harness/cluster/sweep_state.h"

#include <gmock/gmock.h>

namespace timetrial {
namespace {

QueuedTask in_state(const std::string& state, int64_t restarts = 0, const std::string& reason = "None") {
  return {"name", "17", 0, state, restarts, reason};
}

TEST(SweepState, CountsEveryTrialOnce) {
  const SweepState state =
      sweep_state({true, false, false, false, false, false}, {{0, in_state("COMPLETING")},
                                                              {1, in_state("PENDING", 0, "Resources")},
                                                              {2, in_state("PENDING", 1, "BeginTime")},
                                                              {3, in_state("RUNNING", 2)},
                                                              {4, in_state("RUNNING")}});
  EXPECT_EQ(state.finished, 1);
  EXPECT_EQ(state.queued, 2);
  EXPECT_EQ(state.running, 2);
  EXPECT_EQ(state.restarted, 2);
  EXPECT_EQ(state.lost, 1);
  EXPECT_EQ(
      sweep_state_text("1a2b3c4d", state),
      "SLURM sweep 1a2b3c4d: 2 queued (BeginTime 1, Resources 1), 2 running, 2 of these started again, 1 "
      "finished, 1 neither: timetrial sweep --resume 1a2b3c4d submits them\n");
}

TEST(SweepState, OfAllFinishedSaysNoMore) {
  EXPECT_EQ(sweep_state_text("x", sweep_state({true, true}, {})),
            "SLURM sweep x: 0 queued, 0 running, 2 finished\n");
}

}  // namespace
}  // namespace timetrial
