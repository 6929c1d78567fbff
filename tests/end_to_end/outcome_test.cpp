// How trials end, and what is only an interruption.

#include <algorithm>
#include <csignal>

#include "end_to_end.h"
#include "running_trial.h"

namespace timetrial {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class Outcomes : public EndToEnd {
 protected:
  // A trial that lasts long enough to be interrupted.
  std::vector<std::string> long_trial(const std::string& verb) const {
    CustomRules rules;
    rules.self_tuning = true;
    rules.stop_rule = "never";
    return {verb, "--ruleset",   write_rules(rules), "--submission", misbehaving("plain_sgd"), "--threads",
            "1",  "--isolation", "process",          "--results",    results().string()};
  }
};

TEST_F(Outcomes, AStopIsRecordedWithItsSenderAndShown) {
  std::vector<std::string> arguments = long_trial("run");
  arguments.insert(arguments.end(), {"--tier", "mini", "--workload", "mnist"});
  RunningTrial trial(command(arguments), results());
  ASSERT_TRUE(trial.reaches(1));
  trial.program().send(SIGINT);
  const ProgramEnd end = trial.program().finish();
  EXPECT_EQ(end.exit_code, kInterrupted) << end.output;

  const std::vector<InterruptionRecord> found = records_of<InterruptionRecord>(only_trial(results()));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, Interruption::stopped);
  EXPECT_EQ(found[0].signal, SIGTERM);
  EXPECT_EQ(found[0].by, "timetrial");
  EXPECT_GT(found[0].step, 0);
  ASSERT_EQ(stored(results()).at(0).interruptions.size(), 1U);
  const ProgramEnd list = timetrial({"list", "trials", "--results", results().string()});
  EXPECT_THAT(list.output, AllOf(HasSubstr("interrupted"), HasSubstr("process")));
  const ProgramEnd json = timetrial({"list", "trials", "--format", "json", "--results", results().string()});
  EXPECT_THAT(json.output, HasSubstr("stopped on request of timetrial after a checkpoint"));
}

TEST_F(Outcomes, ATrialThatIsKilledTooOftenEndsAsKilledAndCanBeTriedAgain) {
  const std::vector<std::string> arguments = long_trial("sweep");
  Program sweep(command(arguments));
  const auto directory = [&] {
    const std::vector<std::filesystem::path> found = trial_directories(results());
    return found.empty() ? std::filesystem::path() : found.front();
  };
  // The first attempt and three resumes, each killed once it has begun.
  for (size_t attempt = 1; attempt <= 4; ++attempt) {
    ASSERT_TRUE(wait_until([&] {
      return !directory().empty() && records_of<StartRecord>(directory()).size() == attempt;
    })) << attempt;
    const std::vector<pid_t> workers = children_of(sweep.id());
    ASSERT_EQ(workers.size(), 1U);
    ::kill(workers.front(), SIGKILL);
  }
  const ProgramEnd end = sweep.finish();
  EXPECT_EQ(end.exit_code, kTrouble) << end.output;
  EXPECT_EQ(records_of<InterruptionRecord>(directory()).size(), 4U);
  for (const InterruptionRecord& record : records_of<InterruptionRecord>(directory())) {
    EXPECT_EQ(record.kind, Interruption::killed);
    EXPECT_EQ(record.signal, SIGKILL);
  }
  const OutcomeRecord outcome = outcome_record(directory());
  EXPECT_EQ(outcome.outcome, Outcome::killed);
  EXPECT_THAT(outcome.message, AllOf(HasSubstr("SIGKILL"), HasSubstr("4 times"), HasSubstr("To cure it")));

  // The same command goes on with it.
  Program again(command(arguments));
  ASSERT_TRUE(wait_until([&] { return records_of<StartRecord>(directory()).size() == 5; }));
  again.send(SIGINT);
  EXPECT_EQ(again.finish().exit_code, kInterrupted);
  EXPECT_TRUE(stored(results()).at(0).outcome.empty()) << "another attempt follows the outcome";
}

TEST_F(Outcomes, ADivergenceIsFinal) {
  CustomRules rules;
  rules.self_tuning = true;
  const std::vector<std::string> arguments = {
      "sweep",     "--ruleset",       write_rules(rules), "--submission", misbehaving("returns_nan"),
      "--results", results().string()};
  EXPECT_EQ(timetrial(arguments).exit_code, kTrouble);
  const std::vector<JournalRecord> before = read_journal(only_trial(results())).records;
  const ProgramEnd again = timetrial(arguments);
  EXPECT_EQ(again.exit_code, kTrouble);
  EXPECT_THAT(again.output, HasSubstr("finished earlier"));
  EXPECT_EQ(read_journal(only_trial(results())).records.size(), before.size());
  EXPECT_EQ(outcome_record(only_trial(results())).outcome, Outcome::diverged);
}

}  // namespace
}  // namespace timetrial
