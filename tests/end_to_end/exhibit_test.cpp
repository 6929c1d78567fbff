// At its end a trial shows what its model makes of a held-out example, whichever process evaluates.

#include <nlohmann/json.hpp>

#include "end_to_end.h"
#include "harness/isolation/sandbox_probe.h"

namespace timetrial {
namespace {

class ExhibitOfATrial : public EndToEnd, public ::testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    EndToEnd::SetUp();
    const std::string data = std::getenv("TIMETRIAL_DATA");
    if (!std::filesystem::exists(data + "/graph_optimizer/mini/manifest.json"))
      GTEST_SKIP() << "run `timetrial prepare graph_optimizer --tier mini`";
    if (std::string(GetParam()) == "strict" && !sandbox_refusal().empty()) GTEST_SKIP() << sandbox_refusal();
  }
};

TEST_P(ExhibitOfATrial, IsRecordedJustBeforeTheOutcome) {
  std::vector<std::string> arguments = fixed_trial("adamw", "graph_optimizer", 2, results());
  arguments.insert(arguments.end(), {"--isolation", GetParam()});
  const ProgramEnd end = timetrial(arguments);
  ASSERT_EQ(end.exit_code, kDone) << end.output;
  const std::vector<JournalRecord> records = read_journal(only_trial(results())).records;
  ASSERT_GE(records.size(), 2U);
  EXPECT_EQ(outcome_record(only_trial(results())).outcome, Outcome::step_limit);
  const auto* exhibit = std::get_if<ExhibitRecord>(&records[records.size() - 2]);
  ASSERT_NE(exhibit, nullptr);
  EXPECT_EQ(exhibit->step, 2);
  EXPECT_EQ(exhibit->kind, "plan_timeline");
  const auto content = nlohmann::json::parse(exhibit->content);
  EXPECT_EQ(content["graph"], "transformer_1_b32_d2");
  EXPECT_FALSE(content["plans"]["policy"]["kernels"].empty());
  const std::vector<TrialResult> trials = stored(results());
  ASSERT_EQ(trials.size(), 1U);
  ASSERT_EQ(trials[0].exhibits.size(), 1U);
  EXPECT_EQ(trials[0].exhibits[0].content, exhibit->content);
}

INSTANTIATE_TEST_SUITE_P(Isolation, ExhibitOfATrial, ::testing::Values("process", "strict"));

}  // namespace
}  // namespace timetrial
