#include "harness/controller/trial_isolation.h"

#include <algorithm>

#include <gmock/gmock.h>

#include "../temporary_folder.h"

namespace timetrial {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

class TrialIsolation : public FolderTest {
 protected:
  void SetUp() override {
    FolderTest::SetUp();
    home_ = std::filesystem::canonical(folder_);
    for (const char* name : {"data/mnist/mini", "data/cifar/mini", "results/trials/one", "library"})
      std::filesystem::create_directories(home_ / name);
    write(home_ / "library/mine.so", "");
    spec_.workload = "mnist";
    spec_.tier = "mini";
    spec_.data_directory = home_ / "data";
    spec_.submission_library = home_ / "library/mine.so";
    spec_.isolation = IsolationLevel::sandbox;
  }

  SandboxView view(const std::string& programs = "/opt/timetrial/bin") const {
    return sandbox_view_of(spec_, home_ / "results/trials/one", home_ / "results", programs);
  }

  std::filesystem::path home_;
  TrialSpec spec_;
};

TEST_F(TrialIsolation, ShowsOfDataAndResultsOnlyTheTrialsOwn) {
  EXPECT_THAT(view().hidden, Contains((home_ / "data").string()));
  EXPECT_THAT(view().hidden, Contains((home_ / "results").string()));
  EXPECT_THAT(view().hidden, Contains("/tmp"));
  EXPECT_THAT(view().readable, Contains((home_ / "data/mnist/mini").string()));
  EXPECT_THAT(view().readable, Contains((home_ / "library/mine.so").string()));
  EXPECT_THAT(view().writable, ElementsAre((home_ / "results/trials/one").string()));
  EXPECT_EQ(view().folder, home_ / "results/trials/one");
}

TEST_F(TrialIsolation, FollowsADataSetThatIsALink) {
  std::filesystem::remove(home_ / "data/mnist/mini");
  std::filesystem::create_directories(home_ / "elsewhere");
  std::filesystem::create_directory_symlink(home_ / "elsewhere", home_ / "data/mnist/mini");
  EXPECT_THAT(view().readable, Contains((home_ / "elsewhere").string()));
}

TEST_F(TrialIsolation, DoesNotHideTheProgramsFromThemselves) {
  EXPECT_THAT(view("/tmp/build/bin").hidden, Not(Contains("/tmp")));
}

TEST_F(TrialIsolation, SharesCompiledKernelsWhereTheSpecDoes) {
  spec_.kernel_cache = home_ / "results/kernel_cache";
  EXPECT_THAT(view().writable, Contains((home_ / "results/kernel_cache").string()));
}

TEST_F(TrialIsolation, LeavesATrainerItsScratchFolderAndNothingHeldBack) {
  write(home_ / "data/mnist/mini/t10k-images-idx3-ubyte", "secret");
  SandboxView strict = view();
  show_trainer_only(spec_, home_ / "results/trials/one", strict);
  const std::string trial = home_ / "results/trials/one";
  EXPECT_THAT(strict.readable, Contains(trial));
  EXPECT_THAT(strict.writable, ElementsAre(trial + "/scratch", trial + "/progress"));
  EXPECT_EQ(strict.folder, trial + "/scratch");
  EXPECT_THAT(strict.masked_files, Contains((home_ / "data/mnist/mini/t10k-images-idx3-ubyte").string()));
  EXPECT_TRUE(std::filesystem::is_directory(trial + "/scratch"));
}

TEST_F(TrialIsolation, TurnsLimitsIntoBytes) {
  spec_.limits = {1.5, 8, 0.25};
  const auto policy =
      launch_policy_of(spec_, home_ / "results/trials/one", home_ / "results", IsolationLevel::process);
  ASSERT_TRUE(policy.has_value());
  EXPECT_EQ(policy->level, IsolationLevel::process);
  EXPECT_EQ(policy->memory_bytes, int64_t{3} << 29);
  EXPECT_EQ(policy->processes, 8);
  EXPECT_EQ(policy->disk_bytes, int64_t{1} << 28);
  EXPECT_FALSE(launch_policy_of(spec_, home_, home_, IsolationLevel::none).has_value());
}

}  // namespace
}  // namespace timetrial
