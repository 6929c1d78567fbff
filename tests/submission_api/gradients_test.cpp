#include "timetrial/gradients.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "timetrial/chunk_list.h"

namespace timetrial {
namespace {

TEST(Gradients, AreReturnedInOrderWithoutACopy) {
  at::Tensor with = at::ones({3}).requires_grad_();
  const at::Tensor without = at::ones({3}).requires_grad_();
  with.mutable_grad() = at::full({3}, 2.0f);
  const auto gradients = gradients_of({without, with});
  ASSERT_EQ(gradients.size(), 2U);
  EXPECT_FALSE(gradients[0].defined());
  EXPECT_EQ(gradients[1].data_ptr(), with.grad().data_ptr());
}

TEST(Gradients, AreLaidOutLikeTheirParameter) {
  at::Tensor parameter = at::rand({4, 3, 2, 2}).contiguous(at::MemoryFormat::ChannelsLast).requires_grad_();
  parameter.mutable_grad() = at::rand({4, 3, 2, 2});
  const at::Tensor gradient = gradients_of({parameter})[0];
  EXPECT_TRUE(same_memory_order(gradient, parameter));
  EXPECT_TRUE(gradient.equal(parameter.grad()));
}

TEST(Gradients, StridesOfSizeOneDimensionsDoNotCauseACopy) {
  at::Tensor parameter = at::rand({8, 4, 1, 1}).requires_grad_();
  parameter.mutable_grad() = at::rand({8, 4}).as_strided({8, 4, 1, 1}, {4, 1, 99, 7});
  EXPECT_EQ(gradients_of({parameter})[0].data_ptr(), parameter.grad().data_ptr());
}

TEST(Gradients, SparseGradientIsRefused) {
  at::Tensor parameter = at::rand({4, 3}).requires_grad_();
  parameter.mutable_grad() = at::zeros({4, 3}).to_sparse();
  EXPECT_THROW(gradients_of({parameter}), std::runtime_error);
}

}  // namespace
}  // namespace timetrial
