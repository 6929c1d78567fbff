#include "harness/controller/sweep_plan.h"

#include <gmock/gmock.h>

#include "../temporary_folder.h"
#include "harness/controller/trial_execution.h"
#include "harness/errors/user_error.h"
#include "made_up_specs.h"

namespace timetrial {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Plan : public FolderTest {
 protected:
  SweepPlan written(const std::string& submission, int64_t count, double unix_seconds) const {
    const std::vector<TrialSpec> specs = trials_of(submission, count);
    SweepPlan plan = make_sweep_plan(specs, SweepKind::local, 2);
    plan.unix_seconds = unix_seconds;
    write_sweep_plan(folder_, plan, specs);
    return plan;
  }

  std::string refusal(const std::string& id) const {
    try {
      find_sweep_plan(folder_, id);
    } catch (const UserError& error) {
      return error.what();
    }
    return "";
  }
};

TEST_F(Plan, ComesBackWithItsTrials) {
  const SweepPlan plan = written("a", 3, 17.5);
  const SweepPlan found = read_sweep_plan(folder_, plan.id);
  EXPECT_EQ(found.id, plan.id);
  EXPECT_EQ(found.kind, SweepKind::local);
  EXPECT_EQ(found.jobs, 2);
  EXPECT_EQ(found.unix_seconds, 17.5);
  EXPECT_EQ(found.trials, plan.trials);
  std::vector<int64_t> places;
  for (const TrialSpec& spec : specs_of(folder_, found)) places.push_back(spec.trial);
  EXPECT_THAT(places, ElementsAre(0, 1, 2));
}

TEST_F(Plan, OfTheSameTrialsHasTheSameId) {
  const std::string id = make_sweep_plan(trials_of("a", 3), SweepKind::local, 1).id;
  EXPECT_EQ(make_sweep_plan(trials_of("a", 3), SweepKind::local, 8).id, id);
  EXPECT_NE(make_sweep_plan(trials_of("a", 3), SweepKind::slurm, 1).id, id);
  EXPECT_NE(make_sweep_plan(trials_of("a", 2), SweepKind::local, 1).id, id);
  EXPECT_NE(make_sweep_plan(trials_of("b", 3), SweepKind::local, 1).id, id);
}

TEST_F(Plan, WithoutAnIdIsTheNewest) {
  written("a", 1, 10);
  const SweepPlan newest = written("b", 1, 30);
  written("c", 1, 20);
  EXPECT_EQ(find_sweep_plan(folder_, "").id, newest.id);
}

TEST_F(Plan, ThatIsNotThereIsRefusedWithThoseThatAre) {
  EXPECT_THAT(refusal(""), HasSubstr("there is no sweep to resume"));
  const SweepPlan plan = written("a", 1, 10);
  EXPECT_THAT(refusal("00000000"), HasSubstr("name one of: " + plan.id));
}

TEST_F(Plan, ThatIsDamagedIsRefusedByItsFile) {
  const SweepPlan plan = written("a", 1, 10);
  const std::filesystem::path file = sweep_folder(folder_, plan.id) / "plan.json";
  const std::string whole = read(file);
  write(file, whole.substr(0, whole.size() / 2));
  EXPECT_THAT(refusal(plan.id), HasSubstr("plan.json"));
  EXPECT_TRUE(sweep_plans(folder_).empty());
}

TEST_F(Plan, LeavesTrialsThatThereAreAsTheyAre) {
  const std::vector<TrialSpec> specs = trials_of("a", 1);
  const std::filesystem::path spec = trial_directory(folder_, specs[0]) / "trial.json";
  write_trial_spec(spec.parent_path(), specs[0]);
  const auto before = std::filesystem::last_write_time(spec);
  written("a", 1, 10);
  EXPECT_EQ(std::filesystem::last_write_time(spec), before);
}

TEST_F(Plan, RefusesATrialThatWasPutInAnothersPlace) {
  const SweepPlan plan = written("a", 2, 10);
  const std::vector<std::filesystem::path> directories = trial_directories_of(folder_, plan);
  std::filesystem::copy_file(directories[0] / "trial.json", directories[1] / "trial.json",
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_THROW(specs_of(folder_, plan), UserError);
}

}  // namespace
}  // namespace timetrial
