#include "harness/device/tensor_sync_audit.h"

#include <thread>

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gmock/gmock.h>

namespace timetrial {
namespace {

using ::testing::HasSubstr;

class TensorSyncAuditTest : public ::testing::Test {
 protected:
  // What an operation inside of `update` is found to be: "" or the operation that waits.
  template <typename Work>
  std::string found(Work&& work) {
    TensorSyncAudit audit;
    {
      const SyncRegion region(&audit, "update");
      work();
    }
    const std::vector<SyncPlace> places = audit.places();
    EXPECT_LE(places.size(), 1U) << ::testing::PrintToString(texts(places));
    if (places.empty()) return "";
    EXPECT_EQ(places[0].hook, "update");
    EXPECT_EQ(places[0].count, 1);
    EXPECT_GT(places[0].seconds, 0);
    return places[0].operation;
  }

  static std::vector<std::string> texts(const std::vector<SyncPlace>& places) {
    std::vector<std::string> list;
    for (const SyncPlace& place : places)
      list.push_back(place.operation + " x" + std::to_string(place.count) + "\n" + place.stack);
    return list;
  }

  at::Tensor values_ = at::ones({4});
  at::Tensor mask_ = at::ones({4}, at::kBool);
};

TEST_F(TensorSyncAuditTest, CountsAnOperationMadeOfOthersOnce) {
  EXPECT_EQ(found([&] { values_.sum().item<double>(); }), "aten::item");
  EXPECT_EQ(found([&] { values_.sum().is_nonzero(); }), "aten::is_nonzero");
  EXPECT_EQ(found([&] { at::allclose(values_, values_); }), "aten::allclose");
  EXPECT_EQ(found([&] { at::equal(values_, values_); }), "aten::equal");
  EXPECT_EQ(found([&] { at::_unique2(values_); }), "aten::_unique2");
  EXPECT_EQ(found([&] { at::_linalg_check_errors(at::zeros({1}, at::kInt), "inv", true); }),
            "aten::_linalg_check_errors");
}

TEST_F(TensorSyncAuditTest, CountsMovesThatNameADevice) {
  EXPECT_EQ(found([&] { values_.cpu(); }), "aten::to");
  EXPECT_EQ(found([&] { values_.to(at::kCPU); }), "aten::to");
  EXPECT_EQ(found([&] { values_.to(at::Device(at::kCPU), at::kDouble); }), "aten::to");
  EXPECT_EQ(found([&] { values_.to(at::kDouble); }), "");
  EXPECT_EQ(found([&] { values_.to(at::Device(at::kCPU), at::kFloat, /*non_blocking=*/true); }), "");
  EXPECT_EQ(found([&] { values_.clone().copy_(values_); }), "");
}

TEST_F(TensorSyncAuditTest, CountsWhatNeedsValuesForAShape) {
  EXPECT_EQ(found([&] { mask_.nonzero(); }), "aten::nonzero");
  EXPECT_EQ(found([&] { values_.masked_select(mask_); }), "aten::masked_select");
  EXPECT_EQ(found([&] { values_.index({mask_}); }), "aten::index");
  EXPECT_EQ(found([&] { values_.index({at::arange(3)}); }), "");
  EXPECT_EQ(found([&] { values_.masked_fill_(mask_, 1.0); }), "");
  EXPECT_EQ(found([&] { at::repeat_interleave(at::ones({2}, at::kLong)); }), "aten::repeat_interleave");
  EXPECT_EQ(found([&] { at::repeat_interleave(at::ones({2}, at::kLong), 2); }), "");
}

// Whose kernel for CPUs reads its step counter.
TEST_F(TensorSyncAuditTest, TakesAFusedOptimizerAsAWhole) {
  const auto list = [] { return std::vector<at::Tensor>{at::ones({3})}; };
  const std::vector<at::Tensor> step = {at::ones({})};
  EXPECT_EQ(found([&] {
              at::_fused_adamw_(list(), list(), list(), list(), {}, step, 0.1, 0.9, 0.99, 0.0, 1e-8, false,
                                false);
            }),
            "");
  EXPECT_EQ(found([&] { step[0].item<float>(); }), "aten::item");  // and counts again behind it
}

TEST_F(TensorSyncAuditTest, FindsNothingInOrdinaryTraining) {
  EXPECT_EQ(found([] {
              const at::Tensor weight = at::randn({3, 4}).requires_grad_();
              at::matmul(at::randn({5, 3}), weight).square().mean().backward();
              const at::NoGradGuard no_grad;
              weight.sub_(weight.grad() / weight.grad().norm().clamp_min(1e-6), 0.1);
            }),
            "");
}

TEST_F(TensorSyncAuditTest, TheInnermostRegionCounts) {
  TensorSyncAudit audit;
  values_[0].item<float>();  // outside of all regions
  {
    const SyncRegion hook(&audit, "update");
    {
      const SyncRegion workload(&audit, kWorkloadRegion);
      values_[0].item<float>();
      const SyncRegion harness(&audit, nullptr);
      values_[0].item<float>();
    }
    values_.cpu();
  }
  values_.cpu();
  const std::vector<SyncPlace> places = audit.places();
  ASSERT_EQ(places.size(), 2U);
  EXPECT_EQ(places[0].hook, "update");
  EXPECT_EQ(places[0].operation, "aten::to");
  EXPECT_EQ(places[1].hook, kWorkloadRegion);
  EXPECT_EQ(places[1].count, 1);
}

TEST_F(TensorSyncAuditTest, OtherThreadsDoNotCount) {
  TensorSyncAudit audit;
  const SyncRegion region(&audit, "update");
  std::thread([&] { values_.cpu(); }).join();
  EXPECT_TRUE(audit.places().empty());
}

TEST_F(TensorSyncAuditTest, NothingIsCountedAfterItsEnd) {
  { const TensorSyncAudit audit; }
  EXPECT_EQ(found([] {}), "");
  TensorSyncAudit first;
  EXPECT_THROW(TensorSyncAudit(), std::logic_error);
}

__attribute__((noinline)) double reads_a_value(const at::Tensor& tensor) {
  const double value = tensor.item<double>();
  return value + 1;
}

TEST_F(TensorSyncAuditTest, TheStackNamesTheCaller) {
  TensorSyncAudit audit;
  const SyncRegion region(&audit, "update");
  EXPECT_EQ(reads_a_value(values_[0]), 2);
  const std::vector<SyncPlace> places = audit.places();
  ASSERT_EQ(places.size(), 1U);
  EXPECT_THAT(places[0].stack, HasSubstr("reads_a_value"));
  EXPECT_THAT(places[0].stack, ::testing::Not(HasSubstr("TensorSyncAudit::")));  // the audit's own frames
}

TEST(SyncRegionTest, WithoutAnAuditDoesNothing) {
  const SyncRegion region(nullptr, "update");
}

}  // namespace
}  // namespace timetrial
