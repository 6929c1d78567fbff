// Threads of a submission must rest while the clock stands.

#include "end_to_end.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;

class DrainCheck : public EndToEnd {
 protected:
  OutcomeRecord outcome_of(const std::string& library, const std::string& threads) const {
    CustomRules custom;
    custom.self_tuning = true;
    custom.evaluation_period_seconds = 0.2;
    custom.checkpoint_period_seconds = 0.1;
    const ProgramEnd run = timetrial({"run", "--ruleset", write_rules(custom), "--tier", "mini", "--workload",
                                      "mnist", "--submission", library, "--max-steps", "2000", "--threads",
                                      threads, "--results", results().string()});
    EXPECT_TRUE(run.exit_code == kDone || run.exit_code == kTrouble) << run.output;
    return outcome_record(only_trial(results()));
  }
};

TEST_F(DrainCheck, EndsTheTrialOfAThreadThatWorksThroughEvaluations) {
  const OutcomeRecord end = outcome_of(misbehaving("works_off_the_clock"), "0");
  EXPECT_EQ(end.outcome, Outcome::failed) << end.message;
  for (const char* text : {"'busy-elsewhere'", "went on while the clock stood", "s of processor time",
                           "To cure it: finish or pause"}) {
    EXPECT_THAT(end.message, HasSubstr(text));
  }
}

TEST_F(DrainCheck, LetsAThreadBeThatRests) {
  const OutcomeRecord end = outcome_of(misbehaving("rests_off_the_clock"), "0");
  EXPECT_TRUE(end.outcome == Outcome::target_reached || end.outcome == Outcome::step_limit) << end.message;
  EXPECT_GT(end.step, 1);
}

TEST_F(DrainCheck, NeverBlamesASubmissionWithoutThreads) {
  const OutcomeRecord end = outcome_of(misbehaving("plain_sgd"), "2");
  EXPECT_TRUE(end.outcome == Outcome::target_reached || end.outcome == Outcome::step_limit) << end.message;
}

}  // namespace
}  // namespace timetrial
