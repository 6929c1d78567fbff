// What a person gets wrong: exit code 2, a message that says how to cure it, and nothing recorded.

#include <cstdlib>

#include "end_to_end.h"
#include "harness/isolation/sandbox_probe.h"

namespace timetrial {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class UsersMistake : public EndToEnd {
 protected:
  void expect_mistake(const std::vector<std::string>& arguments,
                      const ::testing::Matcher<const std::string&>& message) const {
    const ProgramEnd end = timetrial(arguments);
    EXPECT_EQ(end.exit_code, kUserError) << end.output;
    EXPECT_THAT(end.output, message);
    EXPECT_TRUE(trial_directories(results()).empty());
  }

  // A run of adamw on mnist with `changed` in place of some options.
  std::vector<std::string> run_with(const std::map<std::string, std::string>& changed) const {
    std::map<std::string, std::string> options = {{"--workload", "mnist"},
                                                  {"--tier", "mini"},
                                                  {"--submission", submission("adamw")},
                                                  {"--results", results().string()}};
    for (const auto& [name, value] : changed) options[name] = value;
    std::vector<std::string> arguments = {"run"};
    for (const auto& [name, value] : options) arguments.insert(arguments.end(), {name, value});
    return arguments;
  }
};

TEST_F(UsersMistake, UnknownWorkload) {
  expect_mistake(run_with({{"--workload", "mnits"}}),
                 AllOf(HasSubstr("mnits"), HasSubstr("To cure it"), HasSubstr("mnist")));
}

TEST_F(UsersMistake, UnknownRuleset) {
  expect_mistake(run_with({{"--ruleset", "dmeo"}}),
                 AllOf(HasSubstr("dmeo"), HasSubstr("To cure it"), HasSubstr("demo")));
}

TEST_F(UsersMistake, TrialThatThePlanDoesNotHave) {
  expect_mistake(run_with({{"--trial", "99"}}), AllOf(HasSubstr("99"), HasSubstr("To cure it")));
}

TEST_F(UsersMistake, MissingLibrary) {
  expect_mistake(run_with({{"--submission", "/nowhere/adamw.so"}}),
                 AllOf(HasSubstr("/nowhere/adamw.so"), HasSubstr("To cure it: build it first")));
}

TEST_F(UsersMistake, MisspelledKeyOfASearchSpace) {
  const std::string space =
      write("space.json", R"({"learning_rate": {"mni": 1e-4, "max": 1e-2, "scaling": "log"}})");
  expect_mistake(run_with({{"--search-space", space}}),
                 AllOf(HasSubstr("space.json"), HasSubstr("learning_rate"), HasSubstr("To cure it")));
}

TEST_F(UsersMistake, BrokenRulesetFile) {
  expect_mistake(run_with({{"--ruleset", write("rules.json", "{\"name\": ")}}),
                 AllOf(HasSubstr("rules.json"), HasSubstr("To cure it")));
}

TEST_F(UsersMistake, UnknownOption) {
  expect_mistake({"run", "--sbumission", "x.so"}, HasSubstr("--submission is required"));
}

TEST_F(UsersMistake, ScoreWithoutResults) {
  expect_mistake(
      {"score", "--results", results().string()},
      AllOf(HasSubstr("results.sqlite"), HasSubstr("To cure it: run timetrial demo or sweep first")));
}

TEST_F(UsersMistake, MissingDataSetIsNoOutcomeAndCanBeCured) {
  const std::filesystem::path data = folder() / "data";
  std::filesystem::create_directories(data);
  std::vector<std::string> arguments = fixed_trial("adamw", "mnist", 20, results());
  arguments.insert(arguments.end(), {"--data", data.string()});
  const ProgramEnd without = timetrial(arguments);
  EXPECT_EQ(without.exit_code, kUserError) << without.output;
  EXPECT_THAT(without.output, HasSubstr("timetrial prepare mnist --tier mini"));
  EXPECT_TRUE(records_of<OutcomeRecord>(only_trial(results())).empty());
  EXPECT_TRUE(stored(results()).empty());

  std::filesystem::create_directory_symlink(std::filesystem::path(std::getenv("TIMETRIAL_DATA")) / "mnist",
                                            data / "mnist");
  const ProgramEnd with = timetrial(arguments);
  EXPECT_EQ(with.exit_code, kDone) << with.output;
  EXPECT_EQ(outcome_record(only_trial(results())).outcome, Outcome::step_limit);
}

TEST_F(UsersMistake, ResultsDirectoryThatCannotBeMade) {
  for (const std::string& place :
       {std::string("/proc/timetrial-results"), write("a_file", "") + "/results"}) {
    expect_mistake(run_with({{"--results", place}}),
                   AllOf(HasSubstr(place), HasSubstr("To cure it"), HasSubstr("--results")));
  }
}

TEST_F(UsersMistake, ResultsDirectoryThatIsAFileOrCannotBeWritten) {
  for (const std::string& place : {write("a_file", ""), std::string("/proc/self")}) {
    expect_mistake(run_with({{"--results", place}}), AllOf(HasSubstr(place), HasSubstr("To cure it")));
  }
}

// As an older version prepared it: the trainer, which sees nothing else, says what is missing.
TEST_F(UsersMistake, StrictIsolationNeedsTheTrainingExamplesAlone) {
  if (!sandbox_refusal().empty()) GTEST_SKIP() << sandbox_refusal();
  const std::filesystem::path prepared = std::filesystem::path(std::getenv("TIMETRIAL_DATA")) / "mnist/mini";
  const std::filesystem::path older = folder() / "data/mnist/mini";
  std::filesystem::create_directories(older);
  for (const auto& entry : std::filesystem::directory_iterator(prepared)) {
    if (entry.is_regular_file())
      std::filesystem::create_symlink(entry.path(), older / entry.path().filename());
  }
  const ProgramEnd end = timetrial({"run", "--workload", "mnist", "--tier", "mini", "--submission",
                                    submission("adamw"), "--isolation", "strict", "--data",
                                    (folder() / "data").string(), "--results", results().string()});
  EXPECT_EQ(end.exit_code, kUserError) << end.output;
  EXPECT_THAT(end.output, HasSubstr("timetrial prepare mnist --tier mini"));
}

}  // namespace
}  // namespace timetrial
