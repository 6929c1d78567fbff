#include "harness/worker/evaluation_log.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace timetrial {
namespace {

class EvaluationLogTest : public ::testing::Test {
 protected:
  void note(int64_t step, double validation, double test = 0) {
    EvaluationRecord record;
    record.step = step;
    record.submission_seconds = static_cast<double>(step);
    record.metrics = {{"validation/error", validation}, {"test/error", test}};
    log_.note(record);
  }

  MetricTarget target_{"error", MetricGoal::minimize, 0.2, 0.3};
  TrialBudget budget_{{100, 1, 0, StopRule::validation_target}};
  Watchdog watchdog_{60, nullptr, [](const char*, double) {}};
  std::vector<EvaluationResult> shown_;
  EvaluationLog log_{target_, budget_, watchdog_, shown_};
};

TEST_F(EvaluationLogTest, KeepsTheBestByTheTrialsGoal) {
  EXPECT_TRUE(std::isnan(log_.best()));
  note(1, std::numeric_limits<double>::quiet_NaN());
  note(2, 0.5);
  note(3, 0.7);
  EXPECT_EQ(log_.best(), 0.5);
  note(4, std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(log_.best(), 0.5);
  log_.restore(0.25);
  note(5, 0.3);
  EXPECT_EQ(log_.best(), 0.25);
}

TEST_F(EvaluationLogTest, TellsBudgetWatchdogAndSubmission) {
  note(1, 0.5);
  EXPECT_FALSE(budget_.outcome());
  note(2, 0.2);
  EXPECT_EQ(budget_.outcome(), Outcome::target_reached);
  EXPECT_EQ(watchdog_.step(), 2);
  ASSERT_EQ(shown_.size(), 2U);
  EXPECT_EQ(shown_[1].step, 2);
  EXPECT_EQ(shown_[1].elapsed_seconds, 2);
  EXPECT_EQ(shown_[1].metrics.at("validation/error"), 0.2);
}

TEST_F(EvaluationLogTest, AMetricThatIsNotThereIsOurMistake) {
  target_.metric = "accuracy";
  EXPECT_THROW(note(1, 0.5), std::logic_error);
}

}  // namespace
}  // namespace timetrial
