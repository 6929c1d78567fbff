#include "workloads/finewebedu_lm/document_conversion.h"
#include "workloads/finewebedu_lm/mini_texts.h"
#include "workloads/finewebedu_lm/token_splits.h"
#include "workloads/preparation.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

class FinewebeduPreparation : public DataPreparation {
 public:
  std::string data_set() const override { return "finewebedu_lm"; }

  PreparationPlan mini_plan() const override { return mini_texts_plan(); }

  void make_mini(const fs::path& data_set, const fs::path& cache,
                 const PreparationProgress& progress) const override {
    if (fs::exists(data_set / "manifest.json")) return;
    check_token_splits(
        data_set, write_mini_texts(data_set, cache, progress), "finewebedu_lm-mini-treasury-and-manual",
        "The Treasury of David (C. H. Spurgeon, public domain) and PostgreSQL 15's documentation "
        "(PostgreSQL licence) in 4,096 pieces",
        progress);
  }

  void check_full(const fs::path& data_set, const PreparationProgress& progress) const override {
    if (!fs::exists(token_file(data_set, "train")) || !fs::exists(token_file(data_set, "validation"))) {
      convert_documents(data_set, kFullTokenSplits, progress);
    }
    check_token_splits(
        data_set, kFullTokenSplits, "finewebedu_lm-full",
        "FineWeb-Edu, sample of 10 billion tokens (ODC-By), in GPT-2's tokens, brought by the user",
        progress);
  }
};

}  // namespace

std::unique_ptr<DataPreparation> prepare_finewebedu_lm() {
  return std::make_unique<FinewebeduPreparation>();
}

bool holds_back_finewebedu_lm(const std::string& name) {
  return name == "val.bin" || name == "test.bin";
}

}  // namespace timetrial
