#include "timetrial/gradient_scan.h"

#include <limits>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

namespace timetrial {
namespace {

struct Scan {
  double squared_norm = 0;
  bool overflow = false;
};

Scan scan(const std::vector<at::Tensor>& parameters, const std::vector<at::Tensor>& gradients) {
  const at::Tensor destination = at::full({2}, -1.0, at::kDouble);
  scan_gradients(ChunkList(parameters), gradients, destination);
  const double flag = destination[kFoundNonFinite].item<double>();
  EXPECT_TRUE(flag == 0 || flag == 1) << flag;
  return {destination[kSquaredNorm].item<double>(), flag == 1};
}

Scan scan(const std::vector<at::Tensor>& gradients) {
  return scan(gradients, gradients);
}

TEST(GradientScan, SquaredNormEqualsTheSumInDouble) {
  at::manual_seed(2);
  std::vector<at::Tensor> gradients = {at::randn({50001}), at::randn({3, 7}), at::randn({}), at::randn({0}),
                                       at::randn({129}, at::kDouble)};
  double expected = 0;
  for (const at::Tensor& gradient : gradients)
    expected += gradient.to(at::kDouble).square().sum().item<double>();
  const Scan result = scan(gradients);
  EXPECT_NEAR(result.squared_norm, expected, 1e-6 * expected);
  EXPECT_FALSE(result.overflow);
}

TEST(GradientScan, OneBadEntryAnywhereIsFound) {
  const float bad_values[] = {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                              -std::numeric_limits<float>::infinity()};
  for (const at::ScalarType dtype : {at::kFloat, at::kDouble}) {
    // First and last entry, both sides of a vector, a block and a chunk, and the scalar tail.
    for (const int64_t position : {0, 15, 16, 63, 64, 4095, 16383, 16384, 20000, 20036}) {
      for (const float bad : bad_values) {
        const std::vector<at::Tensor> gradients = {at::ones({5}, dtype), at::ones({20037}, dtype)};
        gradients[1].index_put_({at::tensor(position)}, at::full({}, bad, dtype));
        EXPECT_TRUE(scan(gradients).overflow) << bad << " at " << position << " in " << dtype;
      }
    }
  }
}

TEST(GradientScan, HugeFiniteGradientsAreNotFlaggedAndTheirFloatNormIsExact) {
  const float huge = std::numeric_limits<float>::max();
  const Scan result = scan({at::full({1000}, huge), at::full({3}, -huge)});
  EXPECT_FALSE(result.overflow);
  EXPECT_NEAR(std::sqrt(result.squared_norm) / (huge * std::sqrt(1003.0)), 1, 1e-12);
}

TEST(GradientScan, HugeFiniteDoublesAreNotFlaggedThoughTheirNormIsInfinite) {
  const Scan result = scan({at::full({100}, 1e300, at::kDouble)});
  EXPECT_FALSE(result.overflow);
  EXPECT_TRUE(std::isinf(result.squared_norm));
}

TEST(GradientScan, UndefinedGradientsCountAsAbsent) {
  const std::vector<at::Tensor> parameters = {at::zeros({10}), at::zeros({10})};
  const Scan result = scan(parameters, {at::Tensor(), at::full({10}, 2.0f)});
  EXPECT_DOUBLE_EQ(result.squared_norm, 40);
  EXPECT_FALSE(result.overflow);
}

TEST(GradientScan, ResultDoesNotDependOnThreads) {
  at::manual_seed(3);
  const std::vector<at::Tensor> gradients = {at::randn({200003}), at::randn({17}), at::randn({90000})};
  const int threads_before = at::get_num_threads();
  at::set_num_threads(1);
  const double alone = scan(gradients).squared_norm;
  at::set_num_threads(2);
  EXPECT_EQ(scan(gradients).squared_norm, alone);
  at::set_num_threads(threads_before);
}

}  // namespace
}  // namespace timetrial
