#include "results/store/verdicts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "made_up_trials.h"
#include "results/store/store.h"
#include "results/tables/verdict_list.h"

namespace timetrial {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Verdict made_up_verdict() {
  Verdict verdict;
  verdict.unix_seconds = 1e9;
  verdict.tool_version = "1.0";
  verdict.ruleset = "demo";
  verdict.options = R"({"tau-max": 4.0, "ties": "first"})";
  verdict.result = R"({"scores": {"a": 0.5, "b": 0.75, "c": null, "d": 0.25}})";
  verdict.trials = 24;
  verdict.newest_trial = 24;
  return verdict;
}

TEST(Verdicts, AreKeptOnceAndNeverOverwritten) {
  const ScratchDirectory folder;
  Store store(folder / "results.sqlite");
  Verdict verdict = made_up_verdict();
  EXPECT_TRUE(store.add_verdict(verdict));
  verdict.unix_seconds += 5;  // the same verdict at another time
  EXPECT_FALSE(store.add_verdict(verdict));
  verdict.tool_version = "1.1";
  EXPECT_TRUE(store.add_verdict(verdict));
  verdict.newest_trial = 25;  // of other trials
  EXPECT_TRUE(store.add_verdict(verdict));
  const std::vector<Verdict> kept = store.verdicts();
  ASSERT_EQ(kept.size(), 3U);
  EXPECT_EQ(kept[0].unix_seconds, 1e9);
  EXPECT_EQ(kept[0].options, made_up_verdict().options);
  EXPECT_EQ(kept[1].tool_version, "1.1");
  EXPECT_EQ(kept[2].newest_trial, 25);
}

TEST(VerdictList, ShowsLeadersAndWhatWasChosenOtherwise) {
  Verdict again = made_up_verdict();
  again.options = R"({"tau-max": 8.0, "ties": "first"})";
  const std::string table = verdict_table({made_up_verdict(), again});
  EXPECT_THAT(table, AllOf(HasSubstr("b 0.7500, a 0.5000, d 0.2500, 1 more"), HasSubstr("tau-max=8.0"),
                           Not(HasSubstr("tau-max=4.0")), HasSubstr("2001-09-09 01:46")));
  const auto json = nlohmann::json::parse(verdict_json({again}));
  EXPECT_EQ(json[0]["options"]["tau-max"], 8.0);
  EXPECT_EQ(json[0]["result"]["scores"]["b"], 0.75);
}

}  // namespace
}  // namespace timetrial
