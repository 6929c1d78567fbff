#include <fstream>
#include <sstream>

#include "end_to_end.h"

namespace timetrial {
namespace {

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
}

}  // namespace
}  // namespace timetrial
