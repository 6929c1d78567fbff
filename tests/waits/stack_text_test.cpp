#include "harness/waits/stack_text.h"

#include <algorithm>

#include <gmock/gmock.h>

namespace timetrial {
namespace {

using ::testing::HasSubstr;

constexpr auto kProgram = FrameOwner::program;
constexpr auto kRuntime = FrameOwner::runtime;
constexpr auto kSystem = FrameOwner::system;
constexpr auto kLibrary = FrameOwner::library;

TEST(StackText, KeepsTheSubmissionAndTheCallItMade) {
  const std::vector<Frame> frames = {{"audit", "worker", 1, kProgram},
                                     {"record", "libtorch_cpu.so", 2, kRuntime},
                                     {"dispatch", "libtorch_cpu.so", 3, kRuntime},
                                     {"at::_ops::item::call", "libtorch_cpu.so", 4, kRuntime},
                                     {"Mine::clip", "mine.so", 0x5a, kLibrary},
                                     {"Mine::update", "mine.so", 6, kLibrary},
                                     {"LoadedSubmission::update", "worker", 7, kProgram},
                                     {"main", "worker", 8, kProgram},
                                     {"__libc_start_main", "libc.so.6", 9, kSystem}};
  EXPECT_EQ(
      stack_text(frames),
      "at::_ops::item::call (libtorch_cpu.so+0x4)\nMine::clip (mine.so+0x5a)\nMine::update (mine.so+0x6)");
}

TEST(StackText, ShowsTheWorkloadBetweenLibTorchAndTheSubmission) {
  const std::vector<Frame> frames = {{"audit", "worker", 0, kProgram},
                                     {"nonzero", "libtorch_cpu.so", 0, kRuntime},
                                     {"Loss::backward", "worker", 0, kProgram},
                                     {"node", "libtorch_cpu.so", 0, kRuntime},
                                     {"engine", "libtorch_cpu.so", 0, kRuntime},
                                     {"Mine::update", "mine.so", 0, kLibrary},
                                     {"main", "worker", 0, kProgram}};
  EXPECT_EQ(stack_text(frames),
            "nonzero (libtorch_cpu.so+0x0)\nLoss::backward (worker+0x0)\nengine (libtorch_cpu.so+0x0)\n"
            "Mine::update (mine.so+0x0)");
}

TEST(StackText, KeepsTheProgramsOwnFramesWhereThereIsNoLibrary) {
  const std::vector<Frame> frames = {{"nonzero", "libtorch_cpu.so", 0, kRuntime},
                                     {"a_test", "test", 0, kProgram},
                                     {"main", "test", 0, kProgram}};
  EXPECT_EQ(stack_text(frames), "nonzero (libtorch_cpu.so+0x0)\na_test (test+0x0)\nmain (test+0x0)");
}

TEST(StackText, IsNeverLong) {
  const std::vector<Frame> frames(100, {"again", "mine.so", 0, kLibrary});
  const std::string text = stack_text(frames);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 24);
  EXPECT_THAT(text, HasSubstr("(76 more)"));
}

TEST(StackText, TellsWhoseCodeItIs) {
  EXPECT_EQ(owner_of("timetrial-worker", "timetrial-worker"), kProgram);
  for (const char* library : {"libtorch_cpu.so", "libc10_cuda.so", "libcudart.so.13", "libcublas.so.13",
                              "libcuda.so.1", "libtimetrial_cuda_device.so"}) {
    EXPECT_EQ(owner_of(library, "timetrial-worker"), kRuntime) << library;
  }
  for (const char* library : {"libc.so.6", "libstdc++.so.6", "libgomp.so.1", "ld-linux-x86-64.so.2"}) {
    EXPECT_EQ(owner_of(library, "timetrial-worker"), kSystem) << library;
  }
  for (const char* library : {"adamw.so", "libtimetrial_submission_api.so", "libcommon.so", "custom.so"}) {
    EXPECT_EQ(owner_of(library, "timetrial-worker"), kLibrary) << library;
  }
}

__attribute__((noinline)) CallStack where_this_is() {
  CallStack stack = current_call_stack();
  return stack;
}

TEST(StackText, NamesARealStack) {
  const std::string text = stack_text(FrameFinder().frames_of(where_this_is()));
  EXPECT_THAT(text, HasSubstr("where_this_is"));
  EXPECT_THAT(text, HasSubstr("NamesARealStack"));
}

}  // namespace
}  // namespace timetrial
