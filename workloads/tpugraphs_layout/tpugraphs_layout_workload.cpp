#include <memory>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "workloads/data/evaluation_pass.h"
#include "workloads/data/moved_batch.h"
#include "workloads/data/seeded_order.h"
#include "workloads/data/shuffled_batches.h"
#include "workloads/layers/segments.h"
#include "workloads/parameter_kinds.h"
#include "workloads/preparation.h"
#include "workloads/tpugraphs/configuration_draw.h"
#include "workloads/tpugraphs_layout/layout_batch.h"
#include "workloads/tpugraphs_layout/layout_evaluation.h"
#include "workloads/tpugraphs_layout/layout_fingerprint.h"
#include "workloads/tpugraphs_layout/layout_programs.h"
#include "workloads/tpugraphs_layout/layout_variant.h"
#include "workloads/tpugraphs_layout/metis_segments.h"
#include "workloads/tpugraphs_layout/residual_network.h"
#include "workloads/tpugraphs_layout/segment_batch.h"
#include "workloads/tpugraphs_layout/segment_history.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

constexpr const char* kName = "tpugraphs_layout";
constexpr int64_t kDrawnConfigurations = 16;  // of each program of a batch
constexpr int64_t kEvaluatedConfigurations = 1000;

// Programs of a fingerprint have a few nodes.
constexpr int64_t kFingerprintSegmentNodes = 3;

Batch whole_programs(const std::vector<MeasuredProgram>& programs, const ChosenExamples& chosen,
                     uint64_t seed) {
  std::vector<ChosenProgram> of_batch;
  for (const uint32_t i : chosen.examples) {
    const MeasuredProgram& program = programs[i];
    of_batch.push_back(
        {&program,
         draw_configurations(program.configuration_count(), kDrawnConfigurations, seed, chosen.epoch, i),
         program.segments});
  }
  return layout_batch(of_batch);
}

// The draws of the whole batch: every rank keeps what all of them compute.
Batch drawn_segments(const std::vector<MeasuredProgram>& programs, const HistoryRows& rows,
                     const ChosenExamples& chosen, uint64_t seed) {
  std::vector<ChosenSegment> of_batch;
  for (const uint32_t i : chosen.batch) {
    of_batch.push_back(
        {i,
         draw_configurations(programs[i].configuration_count(), kDrawnConfigurations, seed, chosen.epoch, i),
         draw_segment(std::ssize(programs[i].segments), seed, chosen.epoch, i)});
  }
  const auto first = static_cast<size_t>(chosen.examples.data() - chosen.batch.data());
  return segment_batch(programs, rows, of_batch, first, chosen.examples.size());
}

class TpugraphsLayoutWorkload : public Workload {
 public:
  explicit TpugraphsLayoutWorkload(WorkloadOptions options)
      : options_(std::move(options)),
        folder_(data_set_directory(options_, kName)),
        variant_(layout_variant(options_.variant, options_.tier)) {}

  LossType loss_type() const override { return LossType::ranking; }

  void build_model(uint64_t seed, at::ScalarType dtype) override {
    build_network(seed, dtype);
    // What the table holds follows from the training programs, so these are read now.
    if (variant_.trains_segments()) add_history(rows()->count(), dtype);
  }

  void build_fingerprint_model(at::ScalarType dtype) override {
    build_network(0, dtype);
    if (variant_.trains_segments())
      add_history(HistoryRows(made_up_programs(kFingerprintSegmentNodes)).count(), dtype);
  }

  torch::nn::Module& model() override { return *model_; }

  ParameterList parameters() override { return list_parameters(*model_, "head_1"); }

  // Scores [programs, configurations], larger for a longer time: the sum of those of a program's pieces.
  at::Tensor forward(const Batch& batch, const ForwardOptions& options) override {
    model_->train(options.mode == ForwardMode::train);
    const Batch moved = moved_batch(batch, options_.device);
    const Segments pieces{moved.at("piece_program"), {}, moved.at("piece_offsets")};
    const at::Tensor scores = segment_sum(model_->forward(moved), pieces);
    if (!moved.has("fresh_rows")) return scores;
    const at::Tensor estimated = history_->estimate(moved, scores);
    // The table is a running statistic like those of batch normalisation: it changes when they would.
    if (options.mode == ForwardMode::train && options.update_batch_norm) history_->store(moved, scores);
    return estimated;
  }

  // One list a program.
  Loss loss(const Batch& batch, const at::Tensor& logits, const LossOptions&) override {
    const at::Tensor times = batch.at("targets").to(logits.device(), logits.scalar_type());
    const at::Tensor each = layout_losses(variant_.loss, logits, times);
    return {each.sum(), at::full({}, each.size(0), each.options().requires_grad(false)), each};
  }

  std::unique_ptr<BatchSource> training_data(int64_t batch_size, uint64_t seed) override {
    const std::shared_ptr<const LayoutPrograms> all = programs();
    const std::shared_ptr<const HistoryRows> rows = variant_.trains_segments() ? this->rows() : nullptr;
    return shuffled_batches(std::ssize(all->train), batch_size, seed,
                            [all, rows, seed](const ChosenExamples& chosen) {
                              return rows == nullptr ? whole_programs(all->train, chosen, seed)
                                                     : drawn_segments(all->train, *rows, chosen, seed);
                            });
  }

  Metrics evaluate(Split split) override {
    require_evaluation_data(options_);
    if (split == Split::test && options_.tier == Tier::full) return {};  // the official times are withheld
    const at::NoGradGuard no_grad;
    const LayoutEvaluation evaluation(programs_of(split), kEvaluatedConfigurations,
                                      options_.evaluation_batch_size);
    const std::vector<at::Tensor> scores = evaluation_pass(
        evaluation.batches(), 1, options_.loader_threads,
        [&](int64_t index, int64_t) { return evaluation.batch(index); },
        [&](const Batch& batch) {
          return forward(batch, {ForwardMode::evaluate, false, std::nullopt}).cpu().to(at::kDouble).flatten();
        });
    return evaluation.metrics(scores, [this](const at::Tensor& predicted, const at::Tensor& times) {
      return layout_losses(variant_.loss, predicted, times);
    });
  }

  std::vector<FingerprintCase> fingerprint_cases() const override {
    if (variant_.trains_segments()) {
      const std::vector<MeasuredProgram> made_up = made_up_programs(kFingerprintSegmentNodes);
      const HistoryRows rows(made_up);
      const std::vector<ChosenSegment> chosen = {{0, {0, 1, 2, 3}, {1, {true, true, false}}},
                                                 {1, {0, 1, 2, 3}, {1, {true, true}}}};
      return {{.name = "g2_segments", .batch = segment_batch(made_up, rows, chosen, 0, chosen.size())}};
    }
    const std::vector<MeasuredProgram> made_up = made_up_programs();
    std::vector<ChosenProgram> chosen;
    for (const MeasuredProgram& program : made_up)
      chosen.push_back({&program, {0, 1, 2, 3}, program.segments});
    return {{.name = "g2", .batch = layout_batch(chosen)}};
  }

  std::string data_set_id() const override {
    const std::string id = read_manifest(folder_, kName).id;
    return variant_.segmentation.cut == SegmentCut::metis ? id + "-metis-" + metis_segments_id(folder_) : id;
  }

 private:
  void build_network(uint64_t seed, at::ScalarType dtype) {
    model_ = std::make_shared<ResidualNetwork>(ResidualConfig(), tensor_options(dtype),
                                               seeded_generator(options_.device, seed));
  }

  void add_history(int64_t rows, at::ScalarType dtype) {
    history_ =
        model_->register_module("history", std::make_shared<SegmentHistory>(rows, tensor_options(dtype)));
  }

  at::TensorOptions tensor_options(at::ScalarType dtype) const {
    return at::TensorOptions().dtype(dtype).device(options_.device);
  }

  std::shared_ptr<const HistoryRows> rows() {
    if (rows_ == nullptr) rows_ = std::make_shared<const HistoryRows>(programs()->train);
    return rows_;
  }

  // Of the training data as many as there are to validate on.
  std::vector<const MeasuredProgram*> programs_of(Split split) {
    const LayoutPrograms& all = *programs();
    std::vector<const MeasuredProgram*> chosen;
    if (split == Split::train_evaluation) {
      const auto part = train_evaluation_part(static_cast<uint32_t>(all.train.size()), all.validation.size());
      for (const uint32_t i : part) chosen.push_back(&all.train[i]);
      return chosen;
    }
    for (const MeasuredProgram& program : split == Split::validation ? all.validation : all.test)
      chosen.push_back(&program);
    return chosen;
  }

  std::shared_ptr<const LayoutPrograms> programs() {
    if (programs_ == nullptr) {
      read_manifest(folder_, kName);  // a data set without one was never completed
      programs_ = std::make_shared<const LayoutPrograms>(
          read_layout_programs(folder_, options_.training_only ? LayoutSplits::train : LayoutSplits::all,
                               options_.tier == Tier::mini, variant_.segmentation));
    }
    return programs_;
  }

  WorkloadOptions options_;
  std::filesystem::path folder_;
  LayoutVariant variant_;
  std::shared_ptr<ResidualNetwork> model_;
  std::shared_ptr<SegmentHistory> history_;  // of segment variants
  std::shared_ptr<const LayoutPrograms> programs_;
  std::shared_ptr<const HistoryRows> rows_;  // likewise
};

}  // namespace

std::unique_ptr<Workload> make_tpugraphs_layout(const WorkloadOptions& options) {
  return std::make_unique<TpugraphsLayoutWorkload>(options);
}

}  // namespace timetrial
