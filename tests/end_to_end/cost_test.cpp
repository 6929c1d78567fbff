// What trials and sweeps tell of their own cost.

#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "end_to_end.h"

namespace timetrial {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

class Cost : public EndToEnd {
 protected:
  std::vector<NullMeasurement> null_measurements() const {
    return Store::open_read_only(results() / "results.sqlite").null_measurements();
  }
};

TEST_F(Cost, ATrialTellsWhereItsStepsWent) {
  constexpr int64_t kSteps = 320;
  EXPECT_EQ(timetrial(fixed_trial("adamw", "mnist", kSteps, results())).exit_code, kDone);
  const std::vector<JournalRecord> records = read_journal(only_trial(results())).records;
  ASSERT_TRUE(std::holds_alternative<OutcomeRecord>(records.back()));
  const std::vector<StepTimesRecord> all_times = records_of<StepTimesRecord>(only_trial(results()));
  ASSERT_EQ(all_times.size(), 1U);
  const StepTimesRecord* times = &all_times[0];
  EXPECT_GE(times->sampled_steps, kSteps / 16 - 1);  // the first may fall into the warm-up
  EXPECT_LE(times->sampled_steps, kSteps / 16);
  EXPECT_GT(times->data_wait, 0);
  EXPECT_GT(times->forward, 0);
  EXPECT_GT(times->backward, 0);
  EXPECT_GT(times->update, 0);
  EXPECT_GT(times->residual, 0);
  EXPECT_EQ(times->host_to_device, 0);
  EXPECT_EQ(times->gradient_averaging, 0);
  EXPECT_NEAR(times->data_wait + times->forward + times->backward + times->update + times->residual,
              times->step, 1e-9 * times->step);
  EXPECT_LT(times->step, outcome_record(only_trial(results())).submission_seconds);

  const std::vector<TrialResult> trials = stored(results());
  ASSERT_EQ(trials.size(), 1U);
  ASSERT_EQ(trials[0].step_times.size(), 1U);
  EXPECT_EQ(trials[0].step_times[0].sampled_steps, times->sampled_steps);
  EXPECT_EQ(trials[0].step_times[0].backward, times->backward);

  CustomRules rules;
  rules.workloads = {"mnist"};
  const ProgramEnd report = timetrial({"report", "--ruleset", write_rules(rules), "--trials-of",
                                       trials[0].spec.ruleset, "--results", results().string(), "--out",
                                       folder() / "report.html", "--csv", folder() / "numbers"});
  EXPECT_EQ(report.exit_code, kDone) << report.output;
  std::stringstream numbers;
  numbers << std::ifstream(folder() / "numbers" / "step.csv").rdbuf();
  EXPECT_THAT(numbers.str(), HasSubstr("adamw,mnist,1," + std::to_string(times->sampled_steps) + ","));
}

TEST_F(Cost, ASweepMeasuresTheHarnessOnceEachTimeItHasSomethingToRun) {
  const auto sweep_of = [&](const std::string& steps) {
    return timetrial({"sweep", "--ruleset", write_rules({}), "--submission", submission("adamw"),
                      "--submission", submission("nesterov_momentum"), "--max-steps", steps, "--threads", "1",
                      "--results", results().string()});
  };
  const ProgramEnd first = sweep_of("5");
  EXPECT_EQ(first.exit_code, kDone) << first.output;
  EXPECT_THAT(first.output, HasSubstr("The harness itself:"));
  ASSERT_EQ(null_measurements().size(), 1U);
  const NullMeasurement measured = null_measurements()[0];
  EXPECT_EQ(measured.device, "cpu");
  EXPECT_EQ(measured.threads, 1);
  EXPECT_EQ(measured.machine, stored(results())[0].starts[0].machine);
  EXPECT_EQ(measured.build, stored(results())[0].starts[0].provenance);
  EXPECT_EQ(measured.seconds.size(), 11U);
  for (const auto& [name, seconds] : measured.seconds) EXPECT_GT(seconds, 0) << name;
  EXPECT_GT(measured.seconds.at("worker"), measured.seconds.at("checkpoint"));
  for (const auto& entry : std::filesystem::directory_iterator(results())) {
    EXPECT_THAT(entry.path().filename().string(), ::testing::Not(HasSubstr("timetrial-")))
        << "what the measurement wrote is still there";
  }

  const ProgramEnd again = sweep_of("5");
  EXPECT_THAT(again.output, HasSubstr("finished earlier"));
  EXPECT_EQ(null_measurements().size(), 1U);
  EXPECT_EQ(sweep_of("6").exit_code, kDone);
  EXPECT_EQ(null_measurements().size(), 2U);

  const ProgramEnd table = timetrial({"list", "null-measurements", "--results", results().string()});
  EXPECT_EQ(table.exit_code, kDone) << table.output;
  EXPECT_THAT(table.output,
              AllOf(ContainsRegex("a step +[0-9.]+ [nµm]+s"), HasSubstr("an empty checkpoint")));
  const ProgramEnd list =
      timetrial({"list", "null-measurements", "--format", "json", "--results", results().string()});
  EXPECT_EQ(nlohmann::json::parse(list.output).at(1).at("seconds").at("step").get<double>(),
            null_measurements()[1].seconds.at("step"));
}

}  // namespace
}  // namespace timetrial
