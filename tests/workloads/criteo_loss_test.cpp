#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <torch/torch.h>

#include "golden_folder.h"
#include "workloads/criteo1tb/dlrm.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

// The submission sees one table in four chunks; an update writes through all of them.
TEST(CriteoFingerprint, TableOfTheFingerprintKeepsItsChunksInOneStorage) {
  DlrmConfig config = dlrm_config(false, "");
  config.table_rows = 16384;
  const Dlrm dlrm(config, at::TensorOptions(), at::detail::createCPUGenerator(1));
  EXPECT_TRUE(dlrm.table().chunks_share_storage());
}

// Large logits included, where a careless formula overflows or loses everything.
TEST(CriteoLoss, MatchesTheReferenceForLargeLogits) {
  SKIP_WITHOUT_GOLDENS();
  std::ifstream file(golden_parity_folder() / "metrics" / "criteo_loss.json");
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
}  // namespace timetrial
