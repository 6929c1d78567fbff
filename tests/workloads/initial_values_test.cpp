#include "workloads/layers/initial_values.h"

#include <cmath>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "workloads/workload.h"

namespace timetrial {
namespace {

at::Generator generator(uint64_t seed = 7) {
  return seeded_generator(at::kCPU, seed);
}

TEST(InitialValues, LecunNormalHasTheVarianceOfItsFanInAndIsCutOff) {
  const at::Tensor weight = at::empty({256, 32, 3, 3});
  fill_lecun_normal(weight, generator());
  const double deviation = 1 / std::sqrt(32 * 9);
  EXPECT_NEAR(weight.std().item<double>(), deviation, 0.01 * deviation);
  EXPECT_NEAR(weight.mean().item<double>(), 0, 0.02 * deviation);
  EXPECT_LE(weight.abs().max().item<double>(), 2 * deviation / 0.8796 + 1e-7);
  EXPECT_GT(weight.abs().max().item<double>(), 1.99 * deviation / 0.8797);
}

TEST(InitialValues, XavierUniformFillsItsBounds) {
  const at::Tensor weight = at::empty({300, 100});
  fill_xavier_uniform(weight, generator());
  const double bound = std::sqrt(6.0 / 400);
  EXPECT_LE(weight.abs().max().item<double>(), bound);
  EXPECT_NEAR(weight.max().item<double>(), bound, 0.01 * bound);
  EXPECT_NEAR(weight.min().item<double>(), -bound, 0.01 * bound);
  EXPECT_NEAR(weight.std().item<double>(), bound / std::sqrt(3), 0.01 * bound);
}

TEST(InitialValues, DependOnTheSeedAndNotOnTheOrderInMemory) {
  const at::Tensor rows = at::empty({8, 4, 3, 3});
  const at::Tensor channels_last =
      at::empty({8, 4, 3, 3}, at::TensorOptions(), at::MemoryFormat::ChannelsLast);
  const at::Tensor other = at::empty({8, 4, 3, 3});
  fill_lecun_normal(rows, generator());
  fill_lecun_normal(channels_last, generator());
  fill_lecun_normal(other, generator(8));
  EXPECT_TRUE(at::equal(rows, channels_last));
  EXPECT_FALSE(at::equal(rows, other));
}

TEST(InitialValues, LeaveTheGlobalGeneratorAlone) {
  torch::manual_seed(1);
  const at::Tensor expected = at::rand({3});
  torch::manual_seed(1);
  fill_normal(at::empty({4, 4}), 1, generator());
  EXPECT_TRUE(at::equal(at::rand({3}), expected));
}

}  // namespace
}  // namespace timetrial
