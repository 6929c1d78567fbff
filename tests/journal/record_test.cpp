#include "harness/journal/record.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

TEST(Record, EveryKindReadsBack) {
  StartRecord start;
  start.attempt = 2;
  start.resumed_from_step = 700;
  start.lost_seconds = 1.25;
  start.fingerprint = "0123456789ab";
  start.isolation = "sandbox";
  start.machine = {{"cpu", "a \"quoted\" name"}};
  OutcomeRecord outcome;
  outcome.outcome = Outcome::hung;
  outcome.message = "line one\nline two";
  outcome.clock.residual = 0.125;
  const JournalRecord records[] = {
      start,
      EvaluationRecord{.step = 3, .metrics = {{"test/loss", 0.1 + 0.2}}},
      CheckpointRecord{7,
                       1.5,
                       "checkpoints/step-7.pt",
                       123,
                       "0a1b2c3d",
                       {{"wall_seconds", 0.1 + 0.2}, {"best", std::numeric_limits<double>::quiet_NaN()}}},
      WarningRecord{5, "ünïcode"},
      outcome,
      StepTimesRecord{16, 1, 2, 3, 4, 5, 6, 7, 28},
      MemoryRecord{"caching", true, 10, 20, {{"training", {1, 2, 3}}}},
      SyncAuditRecord{100, "cuda calls", {{"update", "call", "a\nb", 3, 0.5}}},
      MachineSamplesRecord{7, 1, 0.002, {{"cpu_mhz", {1, 2, 3}}}, {"sw_power_cap"}},
      ReferenceTimesRecord{"before", {{"memory", 0.01}}, 0.3},
      InterruptionRecord{Interruption::preempted, 15, "process 4711", "words", 3, 1.5, 1000.5},
      ExhibitRecord{9, "plan_timeline", R"({"graph": "a \"quoted\" name"})"}};
  for (const JournalRecord& record : records) {
    const std::string json = record_to_json(record);
    EXPECT_EQ(json.find('\n'), std::string::npos);
    const JournalRecord read = record_from_json(json);
    EXPECT_EQ(read.index(), record.index());
    EXPECT_EQ(record_to_json(read), json);
  }
}

TEST(Record, StartFromBeforeFingerprintsWereTakenHasNone) {
  StartRecord start;
  start.fingerprint = "0123456789ab";
  std::string json = record_to_json(start);
  const std::string field = R"("fingerprint":"0123456789ab",)";
  ASSERT_NE(json.find(field), std::string::npos) << json;
  json.erase(json.find(field), field.size());
  EXPECT_EQ(std::get<StartRecord>(record_from_json(json)).fingerprint, "");
}

TEST(Record, StartFromBeforeIsolationWasRecordedHasNone) {
  std::string json = record_to_json(StartRecord{});
  const std::string field = R"("isolation":"",)";
  ASSERT_NE(json.find(field), std::string::npos) << json;
  json.erase(json.find(field), field.size());
  EXPECT_EQ(std::get<StartRecord>(record_from_json(json)).isolation, "");
}

TEST(Outcomes, HaveNamesThatReadBack) {
  for (int i = 0; i <= static_cast<int>(Outcome::harness_error); ++i) {
    const auto outcome = static_cast<Outcome>(i);
    EXPECT_EQ(outcome_from_string(to_string(outcome)), outcome);
  }
  for (const Interruption kind : {Interruption::stopped, Interruption::preempted, Interruption::killed})
    EXPECT_EQ(interruption_from_string(to_string(kind)), kind);
  EXPECT_THROW(interruption_from_string("bored"), UserError);
}

TEST(Outcomes, AreFinalUnlessTheySayNothingAboutTheSubmission) {
  for (const Outcome final : {Outcome::target_reached, Outcome::budget_exhausted, Outcome::step_limit,
                              Outcome::finished_by_submission, Outcome::diverged, Outcome::failed,
                              Outcome::hung, Outcome::crashed, Outcome::out_of_memory}) {
    EXPECT_FALSE(may_be_resumed(final)) << to_string(final);
  }
  EXPECT_TRUE(may_be_resumed(Outcome::killed));
  EXPECT_TRUE(may_be_resumed(Outcome::harness_error));
}

TEST(Record, KeepsNanAndInfinity) {
  EvaluationRecord record;
  record.training_loss = std::numeric_limits<double>::infinity();
  record.metrics["validation/loss"] = std::numeric_limits<double>::quiet_NaN();
  const auto read = std::get<EvaluationRecord>(record_from_json(record_to_json(record)));
  EXPECT_TRUE(std::isinf(read.training_loss));
  EXPECT_TRUE(std::isnan(read.metrics.at("validation/loss")));
}

TEST(Record, SurvivesMessagesThatAreNoText) {
  OutcomeRecord record;
  record.message = "bytes \xff\xfe";
  EXPECT_NO_THROW(record_from_json(record_to_json(record)));
}

TEST(Record, RefusesUnknownTypesFieldsAndOutcomes) {
  EXPECT_THROW(record_from_json(R"({"type":"party"})"), UserError);
  EXPECT_THROW(record_from_json(R"({"type":"warning","step":1,"message":"x","mood":"good"})"), UserError);
  EXPECT_THROW(outcome_from_string("fine"), UserError);
}

}  // namespace
}  // namespace timetrial
