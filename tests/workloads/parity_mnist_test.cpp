#include <gtest/gtest.h>

#include "parity_case.h"
#include "workloads/workload.h"

namespace timetrial::parity {
namespace {

class MnistParity : public testing::TestWithParam<at::ScalarType> {};

TEST_P(MnistParity, MatchesTheReference) {
  SKIP_WITHOUT_GOLDENS();
  const auto workload = make_workload("mnist", {});
  workload->build_model(1, GetParam());
  fill_parameters(workload->model());
  expect_parameters(workload->model(), golden_folder() / "mnist" / "params.csv");

  Batch batch;
  batch.examples = 3;
  batch.tensors = {{"inputs", uniform_tensor(1001, {4, 1, 28, 28})},
                   {"targets", hash_tensor(1002, {4}, 10)},
                   {"weights", at::tensor({1.0f, 1.0f, 1.0f, 0.0f})}};
  const ParityModel model{workload->model(),
                          [&](const Batch& b, ForwardMode mode) {
                            return workload->forward(b, {mode, true, {}});
                          },
                          [&](const Batch& b, const at::Tensor& logits, double smoothing) {
                            return workload->loss(b, logits, {smoothing});
                          }};
  expect_parity(golden_folder() / "mnist" / "golden.json", "b4", GetParam(), model, batch);
}

INSTANTIATE_TEST_SUITE_P(Precisions, MnistParity, testing::Values(at::kFloat, at::kDouble),
                         [](const auto& test) { return test.param == at::kDouble ? "float64" : "float32"; });

}  // namespace
}  // namespace timetrial::parity
