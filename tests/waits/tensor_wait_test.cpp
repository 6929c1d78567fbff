#include "harness/waits/tensor_wait.h"

#include <gtest/gtest.h>

namespace timetrial {
namespace {

bool call_waits(const char* operation, const TensorCall& call = {}) {
  return waits(tensor_wait(operation), call);
}

TEST(TensorWait, ReadingAValueWaits) {
  for (const char* operation : {"aten::item", "aten::_local_scalar_dense", "aten::is_nonzero", "aten::equal",
                                "aten::allclose", "aten::_linalg_check_errors"}) {
    EXPECT_TRUE(call_waits(operation)) << operation;
  }
}

TEST(TensorWait, AResultWhoseShapeDependsOnValuesWaits) {
  for (const char* operation : {"aten::nonzero", "aten::masked_select", "aten::_unique2", "aten::unique_dim",
                                "aten::unique_consecutive", "aten::bincount", "aten::argwhere"}) {
    EXPECT_TRUE(call_waits(operation)) << operation;
  }
}

TEST(TensorWait, OrdinaryOperationsDoNotWait) {
  for (const char* operation : {"aten::add_", "aten::matmul", "aten::where", "aten::masked_fill_",
                                "aten::copy_", "aten::items", "aten::ite", "item", ""}) {
    EXPECT_EQ(tensor_wait(operation), TensorWait::never) << operation;
  }
}

TEST(TensorWait, FusedOptimizersHaveOtherKernelsOnAGpu) {
  EXPECT_EQ(tensor_wait("aten::_fused_adamw_"), TensorWait::never_inside);
  EXPECT_FALSE(call_waits("aten::_fused_adamw_"));
}

TEST(TensorWait, AMoveWaitsIfItNamesADeviceAndMayBlock) {
  EXPECT_TRUE(call_waits("aten::to", {.names_device = true}));
  EXPECT_TRUE(call_waits("aten::_to_copy", {.names_device = true}));
  EXPECT_FALSE(call_waits("aten::to"));  // another dtype
  EXPECT_FALSE(call_waits("aten::to", {.names_device = true, .non_blocking = true}));
}

TEST(TensorWait, IndexingWaitsForAMaskOnly) {
  for (const char* operation :
       {"aten::index", "aten::index_put_", "aten::index_put", "aten::_index_put_impl_"}) {
    EXPECT_TRUE(call_waits(operation, {.has_mask = true})) << operation;
    EXPECT_FALSE(call_waits(operation)) << operation;
  }
}

TEST(TensorWait, RepeatingWaitsUnlessTheSizeIsKnown) {
  EXPECT_TRUE(call_waits("aten::repeat_interleave"));
  EXPECT_FALSE(call_waits("aten::repeat_interleave", {.gives_size = true}));
}

}  // namespace
}  // namespace timetrial
