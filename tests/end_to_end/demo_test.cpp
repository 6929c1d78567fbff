#include <fstream>
#include <sstream>

#include "end_to_end.h"

namespace timetrial {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

using Demo = EndToEnd;

TEST_F(Demo, QuickOnePrintsAScoreTableAndWritesAReport) {
  const ProgramEnd demo = timetrial({"demo", "--quick", "--results", results().string()});
  EXPECT_EQ(demo.exit_code, kDone) << demo.output;
  std::map<std::string, int> trials;
  for (const TrialResult& trial : stored(results())) {
    EXPECT_EQ(trial.outcome.size(), 1U);
    ++trials[trial.spec.submission + " on " + trial.spec.workload];
  }
  EXPECT_EQ(trials.size(), 6U);

  const size_t table = demo.output.find("score");
  ASSERT_NE(table, std::string::npos) << demo.output;
  std::stringstream page;
  page << std::ifstream(results() / "report.html").rdbuf();
  for (const char* name : {"adamw", "nesterov_momentum", "sync_free_adamw", "mnist", "criteo1tb"}) {
    EXPECT_NE(demo.output.find(name, table), std::string::npos) << name;
    EXPECT_THAT(page.str(), HasSubstr(name));
  }
  EXPECT_THAT(demo.output, HasSubstr((results() / "report.html").string()));
  for (const TrialResult& trial : stored(results()))
    EXPECT_THAT(page.str(), HasSubstr(std::to_string(trial.spec.seed))) << trial.spec.workload;

  const ProgramEnd watch = timetrial({"watch", "--once", "--results", results().string()});
  EXPECT_EQ(watch.exit_code, kDone) << watch.output;
  EXPECT_THAT(watch.output, ContainsRegex("all +6 +6 +0 +0 +0"));

  // The same trials by other rules: another verdict beside the demo's own.
  const ProgramEnd again = timetrial({"score", "--target", "mnist=0.1", "--axis", "steps", "--workloads",
                                      "mnist", "--format", "csv", "--results", results().string()});
  EXPECT_EQ(again.exit_code, kDone) << again.output;
  EXPECT_THAT(again.output, ContainsRegex("adamw,[01][.0-9]*,[0-9]+,"));  // whole steps
  const ProgramEnd verdicts = timetrial({"list", "verdicts", "--results", results().string()});
  EXPECT_THAT(verdicts.output, AllOf(HasSubstr("target={\"mnist\":0.1}"), HasSubstr("axis=\"steps\"")));
}

}  // namespace
}  // namespace timetrial
