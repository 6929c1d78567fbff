#include "harness/worker/kernel_cache.h"

#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../temporary_folder.h"
#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

void leave_kernel(const KernelCache& cache) {
  std::ofstream(cache.folder() / "nvrtc" / "kernel") << "compiled";
}

TEST(KernelCache, AColdOneIsEmptyWhenTheTrialBeginsAnew) {
  const TemporaryFolder trial;
  leave_kernel(KernelCache("", trial.path()));
  const KernelCache again("", trial.path());
  EXPECT_THAT(again.describe(), ElementsAre(Pair("kernel_cache", "cold"), Pair("kernel_cache_files", "0")));
  EXPECT_FALSE(std::filesystem::exists(again.folder() / "nvrtc" / "kernel"));
}

TEST(KernelCache, AWarmOneIsSharedByTrials) {
  const TemporaryFolder folder;
  const std::string shared = (folder.path() / "shared").string();
  const KernelCache cache(shared, folder.path() / "first");
  EXPECT_THAT(cache.describe(), ElementsAre(Pair("kernel_cache", "warm"), Pair("kernel_cache_files", "0")));
  leave_kernel(cache);
  EXPECT_THAT(KernelCache(shared, folder.path() / "second").describe(),
              ElementsAre(Pair("kernel_cache", "warm"), Pair("kernel_cache_files", "1")));
}

TEST(KernelCache, IsNamedToTheLibraries) {
  const TemporaryFolder trial;
  const KernelCache cache("", trial.path());
  EXPECT_EQ(std::getenv("PYTORCH_KERNEL_CACHE_PATH"), (cache.folder() / "nvrtc").string());
  EXPECT_EQ(std::getenv("CUDA_CACHE_PATH"), (cache.folder() / "driver").string());
}

TEST(KernelCache, AFolderThatCannotBeMadeIsNamed) {
  const TemporaryFolder trial;
  std::ofstream(trial.path() / "kernel_cache_file") << "a file";
  EXPECT_THROW(KernelCache((trial.path() / "kernel_cache_file").string(), trial.path()), UserError);
}

}  // namespace
}  // namespace timetrial
