#include "harness/journal/standing_evaluations.h"

#include <gmock/gmock.h>

namespace timetrial {
namespace {

EvaluationRecord at(int64_t step, double seconds) {
  EvaluationRecord record;
  record.step = step;
  record.submission_seconds = seconds;
  return record;
}

StartRecord resumed_from(int64_t step) {
  StartRecord record;
  record.resumed_from_step = step;
  return record;
}

std::vector<double> standing_seconds(const std::vector<JournalRecord>& records) {
  std::vector<double> seconds;
  for (const EvaluationRecord& evaluation : standing_evaluations(records))
    seconds.push_back(evaluation.submission_seconds);
  return seconds;
}

TEST(StandingEvaluations, AreThoseUpToTheCheckpointAndWhatCameAfterTheResume) {
  EXPECT_THAT(
      standing_seconds({resumed_from(-1), at(1, 1), at(10, 2), at(20, 3), resumed_from(10), at(20, 4)}),
      ::testing::ElementsAre(1, 2, 4));
}

TEST(StandingEvaluations, OfATrialThatBeganAnewAreOfItsLastAttempt) {
  EXPECT_THAT(standing_seconds({resumed_from(-1), at(1, 1), resumed_from(-1), at(1, 2)}),
              ::testing::ElementsAre(2));
}

}  // namespace
}  // namespace timetrial
