#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "parity_case.h"
#include "workloads/criteo1tb/dlrm.h"
#include "workloads/workload.h"

namespace timetrial::parity {
namespace {

struct Variant {
  std::string name;
  at::ScalarType dtype;
};

class CriteoParity : public testing::TestWithParam<Variant> {};

Batch criteo_batch() {
  Batch batch;
  batch.examples = 3;
  const at::Tensor dense = uniform_tensor(1001, {4, 13});
  const at::Tensor ids = hash_tensor(1002, {4, 26}, 1000000).to(at::kFloat);
  batch.tensors = {{"inputs", at::cat({dense, ids}, 1)},
                   {"targets", hash_tensor(1003, {4, 1}, 2).to(at::kFloat)},
                   {"weights", at::tensor({1.0f, 1.0f, 1.0f, 0.0f}).reshape({4, 1})}};
  return batch;
}

// The reference run used the full model on a table of 16384 rows.
TEST_P(CriteoParity, MatchesTheReference) {
  SKIP_WITHOUT_GOLDENS();
  const auto& [variant, dtype] = GetParam();
  DlrmConfig config = dlrm_config(false, variant);
  config.table_rows = 16384;
  Dlrm dlrm(config, at::TensorOptions().dtype(dtype), at::detail::createCPUGenerator(1));
  fill_parameters(dlrm);
  const std::string suffix = variant.empty() ? "" : "_" + variant;
  const auto folder = golden_folder() / "criteo1tb";
  expect_parameters(dlrm, folder / ("params" + suffix + ".csv"));
  EXPECT_TRUE(dlrm.table().chunks_share_storage());

  const auto workload = make_workload("criteo1tb", {});
  const ParityModel model{dlrm,
                          [&](const Batch& batch, ForwardMode mode) {
                            dlrm.train(mode == ForwardMode::train);
                            return dlrm.forward(batch.at("inputs"), 0);
                          },
                          [&](const Batch& batch, const at::Tensor& logits, double smoothing) {
                            return workload->loss(batch, logits, {smoothing});
                          }};
  expect_parity(folder / ("golden" + suffix + ".json"), "b4", dtype, model, criteo_batch());
}

INSTANTIATE_TEST_SUITE_P(Variants, CriteoParity,
                         testing::Values(Variant{"", at::kFloat}, Variant{"", at::kDouble},
                                         Variant{"layernorm", at::kFloat}, Variant{"layernorm", at::kDouble},
                                         Variant{"resnet", at::kFloat}, Variant{"resnet", at::kDouble}),
                         [](const auto& test) {
                           return (test.param.name.empty() ? "base" : test.param.name) +
                                  (test.param.dtype == at::kDouble ? "_float64" : "_float32");
                         });

// Large logits included, where a careless formula overflows or loses everything.
TEST(CriteoLoss, MatchesTheReferenceForLargeLogits) {
  SKIP_WITHOUT_GOLDENS();
  std::ifstream file(golden_folder() / "metrics" / "criteo_loss.json");
  const auto golden = nlohmann::json::parse(file);
  const auto tensor = [](const nlohmann::json& values) {
    return at::tensor(values.get<std::vector<float>>()).reshape({-1, 1});
  };
  const auto workload = make_workload("criteo1tb", {});
  for (const char* name : {"nomask", "mask"}) {
    SCOPED_TRACE(name);
    const auto& expected = golden.at(name);
    Batch batch;
    batch.tensors["targets"] = tensor(golden.at("targets"));
    if (!expected.at("mask").is_null()) batch.tensors["weights"] = tensor(expected.at("mask"));
    const at::Tensor logits = tensor(golden.at("logits")).requires_grad_();
    const Loss loss = workload->loss(batch, logits, {});
    EXPECT_NEAR(loss.summed.item<double>(), expected.at("summed").get<double>(), 1e-4);
    EXPECT_DOUBLE_EQ(loss.valid_examples.item<double>(), expected.at("n_valid").get<double>());
    loss.summed.backward();
    for (size_t i = 0; i < expected.at("per_example").size(); ++i) {
      const auto at = static_cast<int64_t>(i);
      const double value = expected.at("per_example")[i].get<double>();
      const double slope = expected.at("logit_grad_of_sum")[i].get<double>();
      // Relative, so that exp(-20) is checked; below the smallest normal float32 only the size matters.
      EXPECT_NEAR(loss.per_example[at].item<double>(), value, 1e-6 * std::abs(value) + 1e-40) << i;
      EXPECT_NEAR(logits.grad().reshape(-1)[at].item<double>(), slope, 2e-6 * std::abs(slope) + 1e-40) << i;
    }
  }
}

}  // namespace
}  // namespace timetrial::parity
