#include "harness/worker/loss_watch.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace timetrial {
namespace {

at::Tensor loss(double value) {
  return torch::tensor(static_cast<float>(value));
}

TEST(LossWatch, HasNoLossBeforeTheFirst) {
  EXPECT_TRUE(std::isnan(LossWatch().last_loss()));
}

TEST(LossWatch, DivergesOnlyAfterTheWholeLimitInARow) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  LossWatch watch;
  for (int64_t i = 0; i < kDivergenceLimit - 1; ++i) watch.report(loss(nan));
  EXPECT_FALSE(watch.diverged());
  watch.report(loss(1.0));  // a skipped overflow in between
  EXPECT_EQ(watch.consecutive_non_finite(), 0);
  for (int64_t i = 0; i < kDivergenceLimit; ++i) watch.report(loss(std::numeric_limits<double>::infinity()));
  EXPECT_TRUE(watch.diverged());
}

TEST(LossWatch, ReadsEveryFloatingType) {
  LossWatch watch;
  for (const at::ScalarType type : {at::kFloat, at::kDouble, at::kBFloat16}) {
    watch.report(torch::tensor(0.5, torch::dtype(type)));
    EXPECT_EQ(watch.last_loss(), 0.5);
  }
}

}  // namespace
}  // namespace timetrial
