// Elementwise submissions on a GPU: they follow the pass of the CPU, and replaying a recorded step is the
// same as making it.

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "given_gradients.h"
#include "harness/device/device.h"
#include "harness/errors/user_error.h"
#include "harness/worker/step_graphs.h"
#include "same_bits.h"
#include "submission_table.h"

namespace timetrial {
namespace {

constexpr int64_t kStepHint = 60;

// Null where there is no GPU; then `reason` says why. Opened once: LibTorch's CUDA stays loaded.
Device* gpu(std::string& reason) {
  static std::string problem;
  static const std::unique_ptr<Device> device = [] {
    try {
      return open_device("cuda");
    } catch (const UserError& error) {
      problem = error.what();
      return std::unique_ptr<Device>();
    }
  }();
  reason = problem;
  return device.get();
}

// The gradients of a step are the batch, so that a recording finds the next step's in the same buffers.
class GradientsInTheBatch : public GivenGradients {
 public:
  explicit GradientsInTheBatch(at::Device device) {
    at::manual_seed(7);
    for (const std::vector<int64_t>& sizes : {std::vector<int64_t>{300, 257}, {7}, {40, 30, 5, 5}}) {
      const at::Tensor tensor = at::randn(sizes).to(device);
      parameters.push_back({"p", tensor.detach().requires_grad_(), ParameterKind::weight, false});
    }
  }

  static Batch gradients(int64_t step) {
    at::manual_seed(static_cast<uint64_t>(step));
    Batch batch;
    batch.tensors = {{"0", at::randn({300, 257})}, {"1", at::randn({7})}, {"2", at::randn({40, 30, 5, 5})}};
    return batch;
  }

  void give(int64_t /*step*/) override {
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const at::Tensor& given = current.at(std::to_string(i));
      parameters[i].tensor.mutable_grad() = given.to(parameters[i].tensor.device()) * 0.5;
    }
  }

  Batch current;
};

class OnAGpu : public testing::TestWithParam<SubmissionCase> {
 protected:
  void SetUp() override {
    std::string reason;
    device_ = gpu(reason);
    if (device_ == nullptr) GTEST_SKIP() << "needs a GPU: " << reason;
  }

  static void step(TestedSubmission& submission, GradientsInTheBatch& problem, int64_t index) {
    GivenStep given(problem, index);
    submission.update(given);
  }

  Device* device_ = nullptr;
};

TEST_P(OnAGpu, FollowsThePassOfTheCpu) {
  GradientsInTheBatch on_cpu(at::kCPU), on_gpu(device_->torch_device());
  TestedSubmission cpu(GetParam().library, GetParam().point, on_cpu.parameters, kStepHint);
  TestedSubmission cuda(GetParam().library, GetParam().point, on_gpu.parameters, kStepHint);
  for (int64_t index = 0; index < 20; ++index) {
    on_cpu.current = on_gpu.current = GradientsInTheBatch::gradients(index);
    step(cpu, on_cpu, index);
    step(cuda, on_gpu, index);
  }
  for (std::size_t i = 0; i < on_cpu.parameters.size(); ++i) {
    const at::Tensor expected = on_cpu.parameters[i].tensor.detach();
    const at::Tensor found = on_gpu.parameters[i].tensor.detach().cpu();
    EXPECT_LE((found - expected).abs().max().item<double>(), 1e-5 * expected.abs().max().item<double>()) << i;
  }
}

TEST_P(OnAGpu, AReplayIsTheSameAsAnUpdate) {
  GradientsInTheBatch eager_problem(device_->torch_device()), recorded_problem(device_->torch_device());
  TestedSubmission eager(GetParam().library, GetParam().point, eager_problem.parameters, kStepHint);
  TestedSubmission recorded(GetParam().library, GetParam().point, recorded_problem.parameters, kStepHint);
  StepTimes times(*device_, 0);
  StepGraphs graphs(*device_, times);
  for (int64_t index = 0; index < 20; ++index) {
    eager_problem.current = GradientsInTheBatch::gradients(index);
    step(eager, eager_problem, index);
    recorded_problem.current = GradientsInTheBatch::gradients(index);
    const StepGraphs::Result result = graphs.run(recorded_problem.current, [&] {
      step(recorded, recorded_problem, index);
      return at::Tensor();
    });
    EXPECT_EQ(result.is_replay, index >= StepGraphs::kOrdinaryUpdates) << graphs.problem();
  }
  for (std::size_t i = 0; i < eager_problem.parameters.size(); ++i) {
    EXPECT_TRUE(
        same_bits(eager_problem.parameters[i].tensor.cpu(), recorded_problem.parameters[i].tensor.cpu()))
        << i;
  }
}

std::vector<SubmissionCase> elementwise_cases() {
  std::vector<SubmissionCase> cases = submission_cases();
  std::erase_if(cases, [](const SubmissionCase& submission) {
    return submission.point.count("decay_norms_and_biases") == 0;
  });
  return cases;
}

INSTANTIATE_TEST_SUITE_P(All, OnAGpu, testing::ValuesIn(elementwise_cases()),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace timetrial
