// What a trial tells of the machine it ran on, and what would disturb it there.

#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>

#include "end_to_end.h"

namespace timetrial {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

class Machine : public EndToEnd {
 protected:
  // The directory of a trial of 100 steps.
  std::filesystem::path trained(double reference_drift, const std::filesystem::path& place) const {
    CustomRules rules;
    rules.name = reference_drift > 0 ? "gauged" : "quick";
    rules.reference_drift = reference_drift;
    rules.budget_seconds = 8;
    const ProgramEnd end = timetrial({"run", "--ruleset", write_rules(rules), "--tier", "mini", "--workload",
                                      "mnist", "--submission", submission("adamw"), "--max-steps", "100",
                                      "--ignore-targets", "--threads", "1", "--results", place.string()});
    EXPECT_EQ(end.exit_code, kDone) << end.output;
    return only_trial(place);
  }
};

TEST_F(Machine, IsRecordedOfEveryTrial) {
  const std::filesystem::path trial = trained(0, results());
  const auto records = records_of<MachineSamplesRecord>(trial);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_GE(records[0].samples, 2);
  EXPECT_GT(records[0].quantities.at("memory_available_gib").minimum, 0);
  EXPECT_GE(records[0].quantities.at("major_faults").maximum, 0);
  for (const auto& [name, range] : records[0].quantities) {
    EXPECT_LE(range.minimum, range.median) << name;
    EXPECT_LE(range.median, range.maximum) << name;
  }
  EXPECT_TRUE(records_of<ReferenceTimesRecord>(trial).empty());
  ASSERT_EQ(stored(results()).size(), 1U);
  EXPECT_EQ(stored(results())[0].machine_samples.size(), 1U);
}

TEST_F(Machine, IsGaugedBeforeAndAfterWhereTheRulesAskForIt) {
  const std::filesystem::path plain = trained(0, folder() / "plain");
  const std::filesystem::path trial = trained(1e-9, results());  // no two measurements are that close
  const auto times = records_of<ReferenceTimesRecord>(trial);
  ASSERT_EQ(times.size(), 2U);
  EXPECT_EQ(times[0].moment, "before");
  EXPECT_EQ(times[1].moment, "after");
  for (const ReferenceTimesRecord& record : times) {
    EXPECT_THAT(record.seconds,
                ::testing::ElementsAre(::testing::Key("elementwise"), ::testing::Key("matrix product"),
                                       ::testing::Key("memory")));
  }
  // The kernels touch nothing that the trial computes with, nor its clock.
  EXPECT_EQ(final_hash(trial), final_hash(plain));
  const ClockParts clock = outcome_record(trial).clock;
  EXPECT_NEAR(clock.startup + clock.submission + clock.data_wait + clock.evaluation + clock.logging +
                  clock.checkpoint + clock.residual,
              clock.wall, 1e-6 * clock.wall);

  const ProgramEnd list = timetrial({"list", "trials", "--format", "json", "--results", results().string()});
  const auto lines = nlohmann::json::parse(list.output);
  EXPECT_THAT(lines.at(0).at("drift").get<std::string>(), HasSubstr("! "));
  CustomRules rules;
  rules.name = "gauged";
  rules.reference_drift = 1e-9;
  const ProgramEnd score =
      timetrial({"score", "--ruleset", write_rules(rules), "--trials-of",
                 "gauged+max-steps=100+ignore-targets", "--results", results().string()});
  EXPECT_EQ(score.exit_code, kDone) << score.output;
  EXPECT_THAT(score.output, HasSubstr("in 1 of 1 trials the machine was slower or faster"));
}

TEST_F(Machine, DoctorTellsWhatWouldDisturbAndByItsExitCodeWhetherAnythingWould) {
  const ProgramEnd end = timetrial({"doctor"});
  const bool is_quiet = end.output.find("nothing that this machine tells of") != std::string::npos;
  EXPECT_THAT(end.output, HasSubstr("What would disturb a measurement"));
  EXPECT_THAT(end.output, AnyOf(HasSubstr("nothing that this machine tells of"), HasSubstr("cure: ")));
  EXPECT_EQ(end.exit_code, is_quiet ? kDone : kTrouble) << end.output;
}

}  // namespace
}  // namespace timetrial
