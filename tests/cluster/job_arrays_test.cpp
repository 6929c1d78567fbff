#include "harness/cluster/job_arrays.h"

#include <gmock/gmock.h>

namespace timetrial {
namespace {

using ::testing::ElementsAre;

TEST(JobArrays, OfNothingAreNone) {
  EXPECT_TRUE(job_arrays({}, 1001).empty());
}

TEST(JobArrays, AreOneWhereTheClusterTakesAll) {
  EXPECT_THAT(job_arrays({0, 1, 7}, 8), ElementsAre(JobArray{0, {0, 1, 7}}));
}

TEST(JobArrays, NumberTheirTasksBelowTheClustersLimit) {
  EXPECT_THAT(job_arrays({0, 1, 2, 3, 4, 5, 6}, 3),
              ElementsAre(JobArray{0, {0, 1, 2}}, JobArray{3, {0, 1, 2}}, JobArray{6, {0}}));
}

TEST(JobArrays, LeaveOutWhatIsNotAskedFor) {
  EXPECT_THAT(job_arrays({2, 9}, 3), ElementsAre(JobArray{0, {2}}, JobArray{9, {0}}));
}

TEST(JobArrays, RunEveryTrialOnce) {
  std::vector<int64_t> trials;
  for (int64_t i = 0; i < 10'000; i += 1 + i % 3) trials.push_back(i);
  std::vector<int64_t> run;
  for (const JobArray& array : job_arrays(trials, 1001)) {
    for (const int64_t task : array.tasks) {
      EXPECT_LT(task, 1001);
      run.push_back(array.offset + task);
    }
  }
  EXPECT_EQ(run, trials);
}

TEST(Ranges, AreShort) {
  EXPECT_EQ(ranges_text({}), "");
  EXPECT_EQ(ranges_text({4}), "4");
  EXPECT_EQ(ranges_text({0, 1, 2, 3, 7, 9, 10}), "0-3,7,9-10");
}

}  // namespace
}  // namespace timetrial
