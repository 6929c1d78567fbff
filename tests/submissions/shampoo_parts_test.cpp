// How Distributed Shampoo cuts tensors and takes roots.

#include <cmath>
#include <limits>

#include <ATen/ATen.h>
#include <c10/util/Exception.h>
#include <gmock/gmock.h>

#include "blocking.h"
#include "matrix_root.h"

namespace timetrial {
namespace {

using ::testing::ElementsAre;

TEST(MergedSizes, JoinNeighboursWhileTheyFit) {
  EXPECT_THAT(merged_sizes({64, 3, 7, 7}, 1024), ElementsAre(192, 49));
  EXPECT_THAT(merged_sizes({512, 512, 3, 3}, 1024), ElementsAre(512, 512, 9));
  EXPECT_THAT(merged_sizes({2, 3, 4}, 24), ElementsAre(24));
  EXPECT_THAT(merged_sizes({3, 2, 2, 2}, 4), ElementsAre(3, 4, 2));
}

TEST(MergedSizes, DropSizesOfOneAndKeepLongOnes) {
  EXPECT_THAT(merged_sizes({1, 5000, 1, 2}, 1024), ElementsAre(5000, 2));
  EXPECT_THAT(merged_sizes({1, 1}, 1024), ElementsAre(1));
  EXPECT_THAT(merged_sizes({}, 1024), ElementsAre(1));
}

TEST(Blocks, CoverATensorOnceAndAreNoLongerThanAllowed) {
  const at::Tensor tensor = at::zeros({10, 4, 3});
  const std::vector<Block> blocks = blocks_of({10, 4, 3}, 4);
  EXPECT_EQ(blocks.size(), 3U);
  for (const Block& block : blocks) view_of(block, tensor).add_(1);
  EXPECT_TRUE(tensor.equal(at::ones({10, 4, 3})));
  EXPECT_THAT(blocks.back().begin, ElementsAre(8, 0, 0));
  EXPECT_THAT(blocks.back().sizes, ElementsAre(2, 4, 3));
}

at::Tensor positive_matrix(at::ScalarType dtype) {
  at::manual_seed(3);
  const at::Tensor half = at::randn({5, 9}, at::kDouble);
  return at::mm(half, half.t()).to(dtype);
}

TEST(InverseRoot, ToThePowerOfMinusItsOrderIsTheMatrix) {
  const at::Tensor matrix = positive_matrix(at::kDouble);
  const at::Tensor root = *inverse_root(matrix, 1.0 / 3, 0.25);
  const at::Tensor product =
      at::mm(at::mm(root, root), at::mm(root, matrix + 0.25 * at::eye(5, at::kDouble)));
  EXPECT_TRUE(at::allclose(product, at::eye(5, at::kDouble), 1e-12, 1e-12));
}

TEST(InverseRoot, RaisesEigenvaluesUntilNoneIsNegative) {
  const at::Tensor matrix =
      at::tensor({1.0, 2.0, 2.0, 1.0}, at::kDouble).view({2, 2});  // eigenvalues 3 and -1
  const at::Tensor root = *inverse_root(matrix, 0.5, 1e-2);
  // 4.01 along (1, 1), 0.01 along (1, -1)
  const double sum = 1 / std::sqrt(4.01), difference = 1 / std::sqrt(0.01);
  EXPECT_NEAR(root[0][0].item<double>(), (sum + difference) / 2, 1e-10);
  EXPECT_NEAR(root[0][1].item<double>(), (sum - difference) / 2, 1e-10);
}

SymmetricEigensolver failing(bool in_double_too, std::vector<at::ScalarType>& asked) {
  return [in_double_too, &asked](const at::Tensor& matrix) {
    asked.push_back(matrix.scalar_type());
    if (in_double_too || matrix.scalar_type() != at::kDouble) TORCH_CHECK_LINALG(false, "does not converge");
    return decompose_symmetric(matrix);
  };
}

TEST(InverseRoot, IsTriedAgainInDoubleWhenTheDecompositionFails) {
  std::vector<at::ScalarType> asked;
  const at::Tensor matrix = positive_matrix(at::kFloat);
  const auto root = inverse_root(matrix, 0.25, 1e-8, failing(false, asked));
  ASSERT_TRUE(root.has_value());
  EXPECT_EQ(root->scalar_type(), at::kFloat);
  EXPECT_TRUE(at::allclose(*root, *inverse_root(matrix, 0.25, 1e-8), 1e-4, 1e-5));
  EXPECT_THAT(asked, ElementsAre(at::kFloat, at::kDouble));
}

TEST(InverseRoot, IsNoneWhenTheSecondTryFailsToo) {
  std::vector<at::ScalarType> asked;
  EXPECT_FALSE(inverse_root(positive_matrix(at::kFloat), 0.25, 1e-8, failing(true, asked)).has_value());
  EXPECT_EQ(asked.size(), 2U);
}

TEST(InverseRoot, OfADiagonalMatrixNeedsNoDecomposition) {
  std::vector<at::ScalarType> asked;
  const at::Tensor matrix = at::diag(at::tensor({4.0f, 0.0f, 9.0f}));
  const auto root = inverse_root(matrix, 0.5, 1e-2, failing(true, asked));
  ASSERT_TRUE(root.has_value());
  EXPECT_TRUE(at::allclose(*root, at::diag(at::tensor({4.01f, 0.01f, 9.01f}).rsqrt())));
  EXPECT_TRUE(asked.empty());
}

TEST(InverseRoot, RefusesEntriesThatAreNotFinite) {
  at::Tensor matrix = positive_matrix(at::kFloat);
  matrix[1][2] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(inverse_root(matrix, 0.25, 1e-8), std::runtime_error);
}

}  // namespace
}  // namespace timetrial
