#include "results/store/spec_patch.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "results/store/sqlite.h"
#include "store_fixture.h"

namespace timetrial {
namespace {

using SpecPatchTest = StoreTest;

TEST_F(SpecPatchTest, GivesTheSpecBackByTheRulesOfSqlite) {
  const std::vector<std::string> specs = {
      R"({"a":1,"inner":{"x":1,"y":[1,2]},"name":"one"})",
      R"({"a":1,"inner":{"x":1,"y":[1,2]},"name":"two"})",
      R"({"a":2,"inner":{"y":[2]}})",
      R"({"a":{"b":true},"inner":3,"name":"one"})",
      R"({})",
      R"({"a":18446744073709551615,"inner":{},"name":"\"'"})",
  };
  Database database(file(), OpenMode::read_write_create, std::chrono::milliseconds(1000));
  for (const std::string& base : specs) {
    for (const std::string& wanted : specs) {
      Statement row(database, "SELECT json_patch(?1, ?2)");
      ASSERT_TRUE(row.bind(base, spec_patch(base, wanted)).step());
      EXPECT_EQ(nlohmann::json::parse(row.text(0)), nlohmann::json::parse(wanted)) << base;
    }
    EXPECT_EQ(spec_patch(base, base), "{}");
  }
}

TEST_F(SpecPatchTest, TrialsOfOneEntryKeepWhatIsTheirs) {
  std::vector<TrialSpec> specs(3, made_up_spec({}));
  specs[0].hyperparameters = {{"learning_rate", 0.1}, {"nesterov", true}};
  specs[1].hyperparameters = {{"learning_rate", 0.2}};
  specs[2].hyperparameters = {};
  Store store(file());
  for (std::size_t i = 0; i < specs.size(); ++i) {
    specs[i].trial = static_cast<int64_t>(i);
    specs[i].seed = ~uint64_t{0} - i;
    const std::filesystem::path place = directory_ / std::to_string(i);
    write_trial(place, specs[i], begun());
    store.fold(place);
  }
  EXPECT_EQ(count("entries"), 1);
  const std::vector<TrialResult> trials = store.trials();
  ASSERT_EQ(trials.size(), specs.size());
  for (std::size_t i = 0; i < specs.size(); ++i)
    EXPECT_EQ(trial_spec_to_json(trials[i].spec), trial_spec_to_json(specs[i]));
}

}  // namespace
}  // namespace timetrial
