// The kernels of an elementwise pass, run on the CPU by a double of CUDA, against the pass of the CPU.

// The double gives the kernels' file the words of CUDA, so it comes first.
// clang-format off
#include "cuda_double.h"
#include "timetrial/cuda_kernels.cuh"
// clang-format on

#include <cmath>
#include <limits>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "../../submissions/cautious_nadamw/cautious_nadamw.h"
#include "../../submissions/lamb/lamb.h"
#include "../../submissions/sam/sam.h"
#include "../../submissions/schedule_free_adamw/schedule_free_adamw.h"
#include "../../submissions/sync_free_adamw/sync_free_adamw.h"
#include "timetrial/elementwise_update.h"
#include "timetrial/submission.h"

namespace timetrial {
namespace {

// Parameters and states twice: for the kernels and for the pass of the CPU, which must end alike.
class TwoPasses {
 public:
  TwoPasses(const std::vector<at::Tensor>& parameters, int states, std::vector<int> groups = {})
      : parameters_(clones(parameters)), expected_parameters_(clones(parameters)) {
    for (int k = 0; k < states; ++k) {
      std::vector<at::Tensor> state;
      for (const at::Tensor& parameter : parameters) state.push_back(at::rand_like(parameter));
      states_.push_back(state);
      expected_states_.push_back(clones(state));
    }
    if (groups.empty()) groups.resize(parameters.size());
    chunks_.emplace(parameters_);
    lists_.emplace(*chunks_, parameters_, states_, groups);
    expected_.emplace(expected_parameters_, expected_states_, groups);
  }

  template <typename Algorithm>
  void step(const Algorithm& algorithm, double grad_clip, const std::vector<at::Tensor>& gradients) {
    require_scalars(scalars_of_step<Algorithm>());
    const std::vector<const void*> addresses = addresses_of(gradients);
    auto* values = scalars_.mutable_data_ptr<double>();
    cuda::scan(lists_->pass(), addresses.data(), values, nullptr);
    cuda::prepare(lists_->pass(), algorithm, grad_clip, values, nullptr);
    cuda::apply<StepRule<Algorithm>::template Rule>(lists_->pass(), addresses.data(), values, nullptr);
    cuda::count<Algorithm>(lists_->pass(), values, nullptr);

    expected_->scan(gradients, expected_scalars_);
    expected_->prepare(algorithm, grad_clip, expected_scalars_);
    expected_->template apply<StepRule<Algorithm>::template Rule>(gradients, expected_scalars_);
    expected_->template count<Algorithm>(expected_scalars_);
  }

  template <template <typename> class Rule>
  void apply(const std::vector<double>& scalars, const std::vector<at::Tensor>& gradients) {
    cuda::apply<Rule>(lists_->pass(), addresses_of(gradients).data(), scalars.data(), nullptr);
    expected_->template apply<Rule>(gradients, at::tensor(scalars, at::kDouble));
  }

  void expect_equal(double tolerance) const {
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      expect_near(parameters_[i], expected_parameters_[i], tolerance);
      for (std::size_t k = 0; k < states_.size(); ++k) {
        expect_near(states_[k][i], expected_states_[k][i], tolerance);
      }
    }
    if (!scalars_.defined()) return;
    EXPECT_TRUE(at::allclose(scalars_, expected_scalars_, 1e-6, 0, /*equal_nan=*/true))
        << scalars_ << expected_scalars_;
  }

  const std::vector<at::Tensor>& parameters() const { return parameters_; }
  double scalar(int place) const { return scalars_[place].item<double>(); }

 private:
  static std::vector<at::Tensor> clones(const std::vector<at::Tensor>& tensors) {
    std::vector<at::Tensor> result;
    for (const at::Tensor& tensor : tensors) result.push_back(tensor.clone());
    return result;
  }

  static std::vector<const void*> addresses_of(const std::vector<at::Tensor>& gradients) {
    std::vector<const void*> addresses;
    for (const at::Tensor& gradient : gradients) {
      addresses.push_back(gradient.defined() ? gradient.const_data_ptr() : nullptr);
    }
    return addresses;
  }

  static void expect_near(const at::Tensor& found, const at::Tensor& expected, double tolerance) {
    const double largest = expected.numel() > 0 ? expected.abs().max().item<double>() : 0;
    EXPECT_TRUE(at::allclose(found, expected, 0, tolerance * largest, /*equal_nan=*/true))
        << found.sizes() << ", largest difference " << (found - expected).abs().max();
  }

  void require_scalars(int count) {
    if (scalars_.defined()) return;
    scalars_ = at::zeros({count}, at::kDouble);
    expected_scalars_ = scalars_.clone();
  }

  std::vector<at::Tensor> parameters_, expected_parameters_;
  std::vector<std::vector<at::Tensor>> states_, expected_states_;
  at::Tensor scalars_, expected_scalars_;
  std::optional<ChunkList> chunks_;
  std::optional<CudaLists> lists_;
  std::optional<ElementwiseUpdate> expected_;
};

// More than one chunk, less than one vector, a length that no vector divides, several dimensions, no element.
std::vector<at::Tensor> some_tensors(at::ScalarType dtype) {
  at::manual_seed(3);
  const at::TensorOptions options = at::TensorOptions().dtype(dtype);
  return {at::randn({150, 230}, options), at::randn({3}, options), at::randn({1001}, options),
          at::randn({4, 3, 5, 5}, options), at::randn({0}, options)};
}

std::vector<at::Tensor> random_like(const std::vector<at::Tensor>& tensors) {
  std::vector<at::Tensor> result;
  for (const at::Tensor& tensor : tensors) result.push_back(at::randn_like(tensor));
  return result;
}

template <typename Algorithm>
Algorithm algorithm() {
  const Hyperparameters hyperparameters({{"learning_rate", 0.01}, {"warmup_factor", 0.0}});
  Initialization initialization{{}, hyperparameters};
  initialization.step_hint = 50;
  return Algorithm(initialization);
}

template <typename Algorithm>
class CudaKernels : public testing::Test {};
using Algorithms = testing::Types<Adamw, SyncFreeAdamw, Lamb, CautiousNadamw>;
TYPED_TEST_SUITE(CudaKernels, Algorithms);

TYPED_TEST(CudaKernels, EqualThePassOfTheCpu) {
  for (const at::ScalarType dtype : {at::kFloat, at::kDouble}) {
    TwoPasses passes(some_tensors(dtype), 2);
    for (int step = 0; step < 3; ++step) {
      passes.step(algorithm<TypeParam>(), /*grad_clip=*/step == 1 ? 0.5 : 0,
                  random_like(passes.parameters()));
    }
    passes.expect_equal(dtype == at::kFloat ? 1e-6 : 1e-14);
    EXPECT_EQ(passes.scalar(kAppliedSteps), 3);
  }
}

TYPED_TEST(CudaKernels, TreatGroupsApart) {
  TwoPasses passes(some_tensors(at::kDouble), 2, {kDecayed, kUndecayed, kUndecayed, kDecayed, kDecayed});
  passes.step(algorithm<TypeParam>(), 0, random_like(passes.parameters()));
  passes.expect_equal(1e-14);
}

TYPED_TEST(CudaKernels, LeaveTensorsWithoutGradientAlone) {
  TwoPasses passes(some_tensors(at::kFloat), 2);
  std::vector<at::Tensor> gradients = random_like(passes.parameters());
  gradients[0] = gradients[3] = at::Tensor();
  const at::Tensor before = passes.parameters()[0].clone();
  passes.step(algorithm<TypeParam>(), 0.5, gradients);
  passes.expect_equal(1e-6);
  EXPECT_TRUE(passes.parameters()[0].equal(before));
}

TEST(CudaKernelsOfTensors, ThatAreNotAligned) {
  const at::Tensor storage = at::randn({5000});
  TwoPasses passes({storage.slice(0, 1, 4000)}, 2);
  std::vector<at::Tensor> gradients = {at::randn({4000}).slice(0, 1)};
  ASSERT_NE(reinterpret_cast<std::uintptr_t>(gradients[0].const_data_ptr()) % 16, 0U);
  passes.step(algorithm<Lamb>(), 0.5, gradients);
  passes.expect_equal(1e-6);
}

TEST(CudaKernelsOfTensors, MoreThanOneLaunchTakes) {
  std::vector<at::Tensor> tensors;
  for (int i = 0; i < cuda::kTensorsPerLaunch + 5; ++i) tensors.push_back(at::randn({i % 7}, at::kDouble));
  TwoPasses passes(tensors, 2);
  passes.step(algorithm<Lamb>(), 0.5, random_like(tensors));
  passes.expect_equal(1e-14);
}

TEST(CudaKernelsOfTensors, OfTwoPrecisions) {
  TwoPasses passes({at::randn({70}), at::randn({70}, at::kDouble)}, 2);
  passes.step(algorithm<Adamw>(), 0, random_like(passes.parameters()));
  passes.expect_equal(1e-6);
}

TEST(CudaGradientScan, FindsWhatIsNotFiniteAndTheStepIsVoid) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    TwoPasses passes(some_tensors(at::kFloat), 2);
    const std::vector<at::Tensor> before = {passes.parameters()[0].clone(), passes.parameters()[2].clone()};
    std::vector<at::Tensor> gradients = random_like(passes.parameters());
    gradients[2][1000] = bad;
    passes.step(algorithm<SyncFreeAdamw>(), 0.5, gradients);
    EXPECT_EQ(passes.scalar(kFoundNonFinite), 1);
    EXPECT_EQ(passes.scalar(kAppliedSteps), 0);
    EXPECT_TRUE(passes.parameters()[0].equal(before[0]));
    EXPECT_TRUE(passes.parameters()[2].equal(before[1]));
    passes.step(algorithm<SyncFreeAdamw>(), 0.5, random_like(passes.parameters()));
    EXPECT_EQ(passes.scalar(kAppliedSteps), 1);
    passes.expect_equal(1e-6);
  }
}

TEST(CudaGradientScan, SquaresThatOverflowFloatAreNoOverflowOfTheGradient) {
  TwoPasses passes({at::randn({3000})}, 2);
  std::vector<at::Tensor> gradients = {at::ones({3000})};
  gradients[0][1234] = 3e38f;
  passes.step(algorithm<SyncFreeAdamw>(), 1.0, gradients);
  EXPECT_EQ(passes.scalar(kFoundNonFinite), 0);
  EXPECT_DOUBLE_EQ(passes.scalar(kSquaredNorm), static_cast<double>(3e38f) * static_cast<double>(3e38f));
  passes.expect_equal(1e-6);
}

TEST(CudaRules, OfOneStateAndThoseThatIgnoreGradients) {
  const std::vector<at::Tensor> tensors = some_tensors(at::kDouble);
  TwoPasses climb(tensors, 1);
  climb.apply<Ascent>({4.0, 0, 0, 0, 0.05}, random_like(tensors));
  climb.expect_equal(1e-15);
  TwoPasses move(tensors, 1);
  move.apply<MoveTowards>({0.25}, tensors);
  move.expect_equal(1e-15);
}

}  // namespace
}  // namespace timetrial
