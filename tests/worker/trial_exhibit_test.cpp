#include "harness/worker/trial_exhibit.h"

#include <functional>
#include <stdexcept>

#include <gmock/gmock.h>
#include <torch/torch.h>

namespace timetrial {
namespace {

using ::testing::HasSubstr;

struct Kept final : JournalSink {
  void append(const JournalRecord& record) override { records.push_back(record); }
  void require_lease() const override {}
  std::vector<JournalRecord> records;
};

// Only what an exhibit needs of a workload.
class Exhibiting final : public Workload {
 public:
  explicit Exhibiting(std::function<std::optional<Exhibit>()> exhibit) : exhibit_(std::move(exhibit)) {}

  LossType loss_type() const override { return LossType::softmax_cross_entropy; }
  void build_model(uint64_t, at::ScalarType) override {}
  torch::nn::Module& model() override { return module_; }
  ParameterList parameters() override { return {}; }
  at::Tensor forward(const Batch&, const ForwardOptions&) override { return {}; }
  Loss loss(const Batch&, const at::Tensor&, const LossOptions&) override { return {}; }
  std::unique_ptr<BatchSource> training_data(int64_t, uint64_t) override { return nullptr; }
  Metrics evaluate(Split) override { return {}; }
  std::vector<FingerprintCase> fingerprint_cases() const override { return {}; }
  std::string data_set_id() const override { return ""; }
  std::optional<Exhibit> exhibit() override { return exhibit_(); }

 private:
  torch::nn::Module module_;
  std::function<std::optional<Exhibit>()> exhibit_;
};

std::vector<JournalRecord> records_with(const std::function<std::optional<Exhibit>()>& exhibit) {
  Kept journal;
  Exhibiting workload(exhibit);
  append_exhibit(journal, workload, 7);
  return journal.records;
}

std::string only_warning(const std::vector<JournalRecord>& records) {
  if (records.size() != 1 || !std::holds_alternative<WarningRecord>(records[0])) return "no warning";
  EXPECT_EQ(std::get<WarningRecord>(records[0]).step, 7);
  return std::get<WarningRecord>(records[0]).message;
}

TEST(TrialExhibit, IsKeptAsTheWorkloadGivesIt) {
  const auto records = records_with([] { return Exhibit{"picture", R"({"a": 1})"}; });
  ASSERT_EQ(records.size(), 1U);
  const auto& kept = std::get<ExhibitRecord>(records[0]);
  EXPECT_EQ(kept.step, 7);
  EXPECT_EQ(kept.kind, "picture");
  EXPECT_EQ(kept.content, R"({"a": 1})");
}

TEST(TrialExhibit, IsNothingForMostWorkloads) {
  EXPECT_TRUE(records_with([] { return std::nullopt; }).empty());
}

TEST(TrialExhibit, ThatCannotBeMadeIsAWarning) {
  const auto records =
      records_with([]() -> std::optional<Exhibit> { throw std::runtime_error("no test graph"); });
  EXPECT_THAT(only_warning(records), HasSubstr("no test graph"));
}

TEST(TrialExhibit, ThatIsTooLargeOrNoObjectIsAWarning) {
  const auto of_bytes = [](int64_t bytes) {
    return "{\"a\":\"" + std::string(static_cast<size_t>(bytes) - 8, 'x') + "\"}";
  };
  const auto largest = records_with([&] { return Exhibit{"picture", of_bytes(kMostExhibitBytes)}; });
  EXPECT_TRUE(std::holds_alternative<ExhibitRecord>(largest.at(0)));
  EXPECT_THAT(only_warning(records_with([&] {
                return Exhibit{"picture", of_bytes(kMostExhibitBytes + 1)};
              })),
              HasSubstr("262145 bytes"));
  for (const char* content : {"", "[1]", "{", "7"})
    EXPECT_THAT(only_warning(records_with([&] {
                  return Exhibit{"picture", content};
                })),
                HasSubstr("no JSON object"));
}

TEST(TrialExhibit, IsOfTrialsThatEndedWell) {
  for (const Outcome outcome : {Outcome::target_reached, Outcome::budget_exhausted, Outcome::step_limit,
                                Outcome::finished_by_submission})
    EXPECT_TRUE(is_exhibited(outcome)) << to_string(outcome);
  for (const Outcome outcome : {Outcome::futile, Outcome::diverged, Outcome::failed, Outcome::out_of_memory})
    EXPECT_FALSE(is_exhibited(outcome)) << to_string(outcome);
}

}  // namespace
}  // namespace timetrial
