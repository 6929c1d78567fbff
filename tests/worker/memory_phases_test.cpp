#include "harness/worker/memory_phases.h"

#include <gtest/gtest.h>

namespace timetrial {
namespace {

// What is in use is set by the test; peaks follow as in a real allocator.
class ScriptedMemory final : public MemoryMeter {
 public:
  MemoryReading peaks() const override { return {{peak_, peak_ / 2, peak_ / 4}, 10 * peak_, 20 * peak_}; }
  void forget_peaks() override { peak_ = in_use_; }

  void use(int64_t bytes) {
    in_use_ = bytes;
    peak_ = std::max(peak_, in_use_);
  }

 private:
  int64_t in_use_ = 0;
  int64_t peak_ = 0;
};

class MemoryPhasesTest : public ::testing::Test {
 protected:
  MemoryPeak peak(const std::string& phase) const { return phases_.record().phases.at(phase); }

  ScriptedMemory memory_;
  MemoryPhases phases_{memory_};
};

TEST_F(MemoryPhasesTest, EachPhaseHasThePeakOfItsOwnTime) {
  memory_.use(100);
  memory_.use(40);
  phases_.enter(MemoryPhase::training);
  memory_.use(400);
  memory_.use(80);
  phases_.enter(MemoryPhase::evaluation);
  EXPECT_EQ(peak("startup").resident, 100);
  EXPECT_EQ(peak("training").resident, 400);
  EXPECT_EQ(peak("training").host, 200);
  EXPECT_EQ(peak("training").device, 100);
  EXPECT_EQ(peak("evaluation").resident, 80);  // what training left
}

TEST_F(MemoryPhasesTest, APhaseThatComesAgainKeepsTheLarger) {
  phases_.enter(MemoryPhase::training);
  memory_.use(400);
  phases_.enter(MemoryPhase::evaluation);
  memory_.use(60);
  phases_.enter(MemoryPhase::training);
  memory_.use(200);
  EXPECT_EQ(peak("training").resident, 400);
  memory_.use(500);
  EXPECT_EQ(peak("training").resident, 500);
  phases_.enter(MemoryPhase::evaluation);
  EXPECT_EQ(peak("training").resident, 500);
}

TEST_F(MemoryPhasesTest, TheWholeIsTheLargestOfItsPhases) {
  memory_.use(700);
  memory_.use(0);
  phases_.enter(MemoryPhase::training);
  memory_.use(300);
  const MemoryRecord record = phases_.record();
  EXPECT_EQ(peak_resident_bytes(record), 700);
  EXPECT_EQ(record.host_reserved_bytes, 7000);
  EXPECT_EQ(record.device_reserved_bytes, 14000);
  EXPECT_EQ(record.phases.count("evaluation"), 0U);
}

TEST(MemoryPhases, WhatWasBeforeIsForgotten) {
  ScriptedMemory memory;
  memory.use(1000);
  memory.use(1);
  const MemoryPhases phases(memory);
  EXPECT_EQ(phases.record().phases.at("startup").resident, 1);
}

TEST(MemoryPhases, DescribesWhatWasCounted) {
  MemoryRecord record;
  record.phases["training"] = {3LL << 29, 1LL << 30, 0};
  EXPECT_EQ(describe_peak(record, MemoryPhase::training),
            "in the phase training; its peak: 1536 MiB resident, 1024 MiB in CPU tensors");
  record.phases["training"] = {3LL << 29, 0, 1LL << 30};
  EXPECT_EQ(describe_peak(record, MemoryPhase::training),
            "in the phase training; its peak: 1536 MiB resident, 1024 MiB in device tensors");
}

}  // namespace
}  // namespace timetrial
