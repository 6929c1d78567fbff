// Updates that average gradients over GPUs, recorded and replayed. Needs a GPU; takes two where there are so
// many, else a group of one, whose sums are recorded like any other's.

#include <algorithm>
#include <filesystem>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "../temporary_folder.h"
#include "harness/device/device.h"
#include "harness/distributed/gradient_averaging.h"
#include "harness/worker/batch_on_device.h"
#include "harness/worker/step_graphs.h"
#include "run_ranks.h"

namespace timetrial {
namespace {

// Without asking CUDA, which does not outlive a fork.
int64_t gpus_of_this_machine() {
  int64_t count = 0;
  while (std::filesystem::exists("/dev/nvidia" + std::to_string(count))) ++count;
  return count;
}

// What a few updates of gradient descent make of some weights.
at::Tensor train(Device& device, ProcessGroup& group, bool is_recorded) {
  at::manual_seed(3);
  const at::Tensor weights = at::randn({300, 400}).to(device.torch_device()).requires_grad_();
  GradientAveraging averaging({weights}, group, [](const std::function<void()>& wait) { wait(); });
  StepTimes times(device, 0);
  StepGraphs graphs(device, times);
  for (int64_t step = 0; step < 4 * StepGraphs::kOrdinaryUpdates; ++step) {
    at::manual_seed(static_cast<uint64_t>(100 * step + group.rank()));
    Batch batch;
    batch.examples = 16;
    batch.tensors["inputs"] = device.ready_to_copy(at::randn({batch.examples, 300}));
    const auto update = [&] {
      averaging.start_over();
      weights.mutable_grad().reset();
      const at::Tensor loss = batch.at("inputs").matmul(weights).tanh().square().mean();
      const at::Tensor shown = loss.detach().clone();
      averaging.include(shown);
      loss.backward();
      const at::NoGradGuard no_grad;
      weights.sub_(weights.grad(), 0.1);
      return shown;
    };
    if (is_recorded) {
      EXPECT_EQ(graphs.run(batch, update).is_replay, step >= StepGraphs::kOrdinaryUpdates)
          << graphs.problem();
    } else {
      copy_batch(times, batch, device);
      update();
    }
  }
  return weights.detach().cpu();
}

using RecordedSumsTest = FolderTest;

TEST_F(RecordedSumsTest, AreThoseOfOrdinaryUpdates) {
  const int64_t gpus = gpus_of_this_machine();
  if (gpus == 0) GTEST_SKIP() << "there is no GPU: /dev/nvidia0 is not there";
  const std::filesystem::path meeting = folder_ / "gpus";
  std::filesystem::create_directories(meeting);
  run_ranks(std::min<int64_t>(gpus, 2), folder_, [&](ProcessGroup& hosts) {
    const std::unique_ptr<Device> device = open_device("cuda:" + std::to_string(hosts.rank()));
    ProcessGroup group({hosts.rank(), hosts.count(), hosts.rank(), "gpus", true}, meeting,
                       device->torch_device(), 60);
    const InstalledRanks installed(group);
    const at::Tensor recorded = train(*device, group, true);
    EXPECT_TRUE(at::allclose(recorded, train(*device, group, false), 1e-5, 1e-6));
    for (const at::Tensor& other : group.gather(recorded.reshape(-1)))
      EXPECT_TRUE(other.equal(recorded.reshape(-1)));
  });
}

}  // namespace
}  // namespace timetrial
