#include "harness/distributed/rank_place.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;

using Variables = std::map<std::string, std::string>;

RankPlace place(int64_t wanted, const Variables& variables) {
  return rank_place(wanted, [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  });
}

std::string refusal(int64_t wanted, const Variables& variables) {
  try {
    place(wanted, variables);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

TEST(RankPlace, OfATrialWithOneRankNeedsNoEnvironment) {
  const RankPlace found = place(1, {{"TIMETRIAL_RANK", "3"}, {"SLURM_STEP_ID", "0"}});
  EXPECT_EQ(found.rank, 0);
  EXPECT_EQ(found.ranks, 1);
}

TEST(RankPlace, IsWhatTimetrialSays) {
  const RankPlace found = place(
      4,
      {{"TIMETRIAL_RANK", "2"}, {"TIMETRIAL_RANKS", "4"}, {"TIMETRIAL_LAUNCH", "x"}, {"SLURM_PROCID", "0"}});
  EXPECT_EQ(found.rank, 2);
  EXPECT_EQ(found.ranks, 4);
  EXPECT_EQ(found.local_rank, 2);
  EXPECT_EQ(found.launch, "x");
  EXPECT_TRUE(found.one_machine);
}

TEST(RankPlace, IsWhatSrunSays) {
  Variables slurm = {{"SLURM_STEP_ID", "0"},        {"SLURM_STEP_NUM_TASKS", "4"},
                     {"SLURM_STEP_NUM_NODES", "2"}, {"SLURM_PROCID", "3"},
                     {"SLURM_LOCALID", "1"},        {"SLURM_JOB_ID", "17"},
                     {"SLURM_RESTART_COUNT", "2"}};
  const RankPlace found = place(4, slurm);
  EXPECT_EQ(found.rank, 3);
  EXPECT_EQ(found.local_rank, 1);
  EXPECT_FALSE(found.one_machine);
  slurm["SLURM_RESTART_COUNT"] = "3";
  EXPECT_NE(place(4, slurm).launch, found.launch);  // a requeued job does not meet the ranks of before
}

TEST(RankPlace, RefusesAnotherNumberOfRanksThanTheTrialHas) {
  EXPECT_THAT(refusal(4, {}), HasSubstr("--ntasks=4"));
  EXPECT_THAT(refusal(4, {{"TIMETRIAL_RANK", "0"}, {"TIMETRIAL_RANKS", "2"}}), HasSubstr("one of 2"));
  EXPECT_THAT(refusal(2, {{"TIMETRIAL_RANK", "2"}, {"TIMETRIAL_RANKS", "2"}}), HasSubstr("2 ranks"));
  EXPECT_THAT(refusal(2, {{"TIMETRIAL_RANK", "one"}, {"TIMETRIAL_RANKS", "2"}}), HasSubstr("TIMETRIAL_RANK"));
  EXPECT_THAT(refusal(2, {{"TIMETRIAL_RANK", "0"}}), HasSubstr("TIMETRIAL_RANKS"));
  // A batch script is no step: it has the job's variables only.
  EXPECT_THAT(refusal(2, {{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "2"}}), HasSubstr("srun"));
}

}  // namespace
}  // namespace timetrial
