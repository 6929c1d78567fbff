#include "harness/telemetry/machine_sampler.h"

#include <atomic>
#include <chrono>

#include <gmock/gmock.h>

#include "../sanitizers/patience.h"
#include "harness/threads/harness_thread.h"

namespace timetrial {
namespace {

using ::testing::ElementsAre;

// Tells 1, 2, 3 … and what thread asked.
class CountingGpu final : public GpuTelemetry {
 public:
  struct Seen {
    std::atomic<int> looks = 0;
    std::atomic<bool> from_harness_thread = false;
  };
  explicit CountingGpu(Seen& seen) : seen_(seen) {}
  std::string name() const override { return "counting"; }
  void add_to(MachineReading& reading) override {
    if (harness_threads().contains(::gettid())) seen_.from_harness_thread = true;
    reading.quantities["gpu_watts"] = ++seen_.looks;
    if (seen_.looks == 2) reading.throttle_reasons.insert("power limit");
  }

 private:
  Seen& seen_;
};

void wait_for_looks(const CountingGpu::Seen& seen, int looks) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (seen.looks < looks && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  ASSERT_GE(seen.looks, looks);
}

TEST(MachineSampler, LooksUntilItIsFinishedAndTellsTheRange) {
  CountingGpu::Seen seen;
  MachineSampler sampler(HostReader(), std::make_unique<CountingGpu>(seen), 0.001);
  wait_for_looks(seen, 5);
  const MachineSamplesRecord record = sampler.finish();
  EXPECT_EQ(record.samples, seen.looks);
  EXPECT_EQ(record.quantities.at("gpu_watts").minimum, 1);
  EXPECT_EQ(record.quantities.at("gpu_watts").maximum, seen.looks);
  EXPECT_THAT(record.throttle_reasons, ElementsAre("power limit"));
  EXPECT_GT(record.sampling_seconds, 0);
  EXPECT_EQ(sampler.finish().samples, record.samples);
}

TEST(MachineSampler, LooksFromAThreadThatIsKnownAsTheHarnesss) {
  CountingGpu::Seen seen;
  MachineSampler sampler(HostReader(), std::make_unique<CountingGpu>(seen), 0.001);
  wait_for_looks(seen, 1);
  EXPECT_TRUE(seen.from_harness_thread);
}

TEST(MachineSampler, EndsAtOnceHoweverLongItsPeriod) {
  CountingGpu::Seen seen;
  MachineSampler sampler(HostReader(), std::make_unique<CountingGpu>(seen), 1e6);
  wait_for_looks(seen, 1);
  EXPECT_EQ(sampler.finish().samples, 2);
}

}  // namespace
}  // namespace timetrial
