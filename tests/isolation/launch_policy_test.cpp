#include "harness/isolation/launch_policy.h"

#include <gtest/gtest.h>

#include "harness/errors/user_error.h"
#include "harness/isolation/launch_report.h"

namespace timetrial {
namespace {

TEST(LaunchPolicy, ReadsBack) {
  LaunchPolicy policy;
  policy.level = IsolationLevel::sandbox;
  policy.trial_directory = "/results/trial \"1\"";
  policy.memory_bytes = 1;
  policy.processes = 2;
  policy.disk_bytes = 3;
  policy.kept_descriptors = {4, 5};
  policy.namespaces = {6, 7};
  policy.report_descriptor = 6;
  policy.view = {{"/tmp"},
                 {"/data"},
                 {"/results"},
                 {"/data/validation"},
                 {"/data/test"},
                 {"/dev/nvidia0"},
                 "/results",
                 "/dev/shm/ranks",
                 7};
  policy.evaluator = {"evaluate", "this"};
  const std::string json = launch_policy_to_json(policy);
  const LaunchPolicy read = launch_policy_from_json(json);
  EXPECT_EQ(launch_policy_to_json(read), json);
  EXPECT_EQ(read.view, policy.view);
  EXPECT_EQ(read.kept_descriptors, policy.kept_descriptors);
  EXPECT_EQ(read.namespaces, policy.namespaces);
  EXPECT_EQ(read.evaluator, policy.evaluator);
}

TEST(LaunchPolicy, RefusesWhatIsNone) {
  EXPECT_THROW(launch_policy_from_json("{}"), UserError);
  EXPECT_THROW(launch_policy_from_json("run"), UserError);
}

TEST(LaunchReport, ReadsBack) {
  const LaunchReport report = {1, 9, LimitHit::memory, 2, 3, true, 4, 5, true, "bytes \xff"};
  const LaunchReport read = launch_report_from_json(launch_report_to_json(report));
  EXPECT_EQ(read.limit, LimitHit::memory);
  EXPECT_EQ(read.signal, 9);
  EXPECT_EQ(read.used, 2);
  EXPECT_EQ(read.allowed, 3);
  EXPECT_TRUE(read.kernel_ran_out);
  EXPECT_EQ(read.peak_memory_bytes, 4);
  EXPECT_EQ(read.left_running, 5);
  EXPECT_TRUE(read.of_evaluator);
  EXPECT_THROW(launch_report_from_json(""), UserError) << "a launcher that was killed";
}

}  // namespace
}  // namespace timetrial
