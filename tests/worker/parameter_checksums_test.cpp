#include "harness/worker/parameter_checksums.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace timetrial {
namespace {

ParameterList list_of(const std::vector<at::Tensor>& tensors) {
  ParameterList list;
  for (const at::Tensor& tensor : tensors) {
    Parameter parameter;
    parameter.name = "p" + std::to_string(list.size());
    parameter.tensor = tensor;
    list.push_back(parameter);
  }
  return list;
}

TEST(ParameterChecksums, AreEqualForEqualBitsOnly) {
  at::manual_seed(1);
  const at::Tensor values = at::randn({30, 40});
  const auto sum = [](const at::Tensor& of) { return parameter_checksums(list_of({of})); };
  EXPECT_TRUE(sum(values).equal(sum(values.clone())));
  at::Tensor changed = values.clone();
  changed[3][4] = std::nextafter(changed[3][4].item<float>(), 10.0f);
  EXPECT_FALSE(sum(values).equal(sum(changed)));
  at::Tensor exchanged = values.clone();
  exchanged[0][0] = values[0][1];
  exchanged[0][1] = values[0][0];
  EXPECT_FALSE(sum(values).equal(sum(exchanged)));
  at::Tensor nan = values.clone();
  nan[0][0] = std::nan("");
  EXPECT_TRUE(sum(nan).equal(sum(nan.clone())));
}

TEST(ParameterChecksums, AreOneAParameterWhateverItsType) {
  const at::Tensor sums = parameter_checksums(list_of(
      {at::ones({3}, at::kDouble), at::ones({2, 2}, at::kHalf), at::zeros({1}), at::ones({4, 2, 3, 3})}));
  EXPECT_EQ(sums.sizes(), at::IntArrayRef({4}));
  EXPECT_EQ(sums[2].item<int64_t>(), 0);
}

}  // namespace
}  // namespace timetrial
