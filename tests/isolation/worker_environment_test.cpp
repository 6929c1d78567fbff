#include "harness/isolation/worker_environment.h"

#include <gmock/gmock.h>

namespace timetrial {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(WorkerEnvironment, KeepsWhatComputingNeeds) {
  EXPECT_THAT(allowed_environment({"PATH=/bin", "OMP_NUM_THREADS=2", "LC_ALL=C", "TIMETRIAL_DATA=/data=1"}),
              ElementsAre("PATH=/bin", "OMP_NUM_THREADS=2", "LC_ALL=C", "TIMETRIAL_DATA=/data=1"));
}

TEST(WorkerEnvironment, DropsSecretsAndWhatChangesPrograms) {
  EXPECT_THAT(allowed_environment({"LD_PRELOAD=evil.so", "AWS_SECRET_ACCESS_KEY=x", "SSH_AUTH_SOCK=/run/x",
                                   "MY_PATH=/x", "PATHS=/x", "omp_num_threads=2", "=x", ""}),
              IsEmpty());
}

}  // namespace
}  // namespace timetrial
