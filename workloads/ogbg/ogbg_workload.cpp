#include <algorithm>
#include <optional>
#include <span>

#include <ATen/ATen.h>

#include "workloads/data/evaluation_pass.h"
#include "workloads/data/moved_batch.h"
#include "workloads/data/seeded_order.h"
#include "workloads/metrics/mean_average_precision.h"
#include "workloads/ogbg/graph_batch.h"
#include "workloads/ogbg/graph_network.h"
#include "workloads/ogbg/masked_task_loss.h"
#include "workloads/ogbg/molecule_packing.h"
#include "workloads/ogbg/molecule_source.h"
#include "workloads/ogbg/ogbg_fingerprint.h"
#include "workloads/parameter_kinds.h"
#include "workloads/preparation.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

constexpr const char* kName = "ogbg";
constexpr double kDefaultDropout = 0.1;
// Metrics do not depend on how a split is cut, so a batch is never larger than memory likes: each of the
// reference's 8 devices has as many.
constexpr int64_t kLargestEvaluationBatch = 4096;

std::span<const float> values_of(const at::Tensor& tensor) {
  return {tensor.const_data_ptr<float>(), static_cast<size_t>(tensor.numel())};
}

class OgbgWorkload : public Workload {
 public:
  explicit OgbgWorkload(WorkloadOptions options)
      : options_(std::move(options)),
        folder_(data_set_directory(options_, kName)),
        config_(graph_network_config(options_.tier == Tier::mini, options_.variant)) {}

  LossType loss_type() const override { return LossType::sigmoid_cross_entropy; }

  void build_model(uint64_t seed, at::ScalarType dtype) override {
    const auto options = at::TensorOptions().dtype(dtype).device(options_.device);
    model_ = std::make_shared<GraphNetwork>(config_, options, seeded_generator(options_.device, seed));
  }

  torch::nn::Module& model() override { return *model_; }

  ParameterList parameters() override { return list_parameters(*model_, "decoder"); }

  // [graphs, tasks], padding included
  at::Tensor forward(const Batch& batch, const ForwardOptions& options) override {
    model_->train(options.mode == ForwardMode::train);
    return model_->forward(moved_batch(batch, options_.device),
                           options.dropout_rate.value_or(kDefaultDropout));
  }

  Loss loss(const Batch& batch, const at::Tensor& logits, const LossOptions& options) override {
    return masked_task_loss(batch, logits, options.label_smoothing);
  }

  std::unique_ptr<BatchSource> training_data(int64_t batch_size, uint64_t seed) override {
    return std::make_unique<MoleculeSource>(molecules(), batch_size, seed);
  }

  Metrics evaluate(Split split) override {
    require_evaluation_data(options_);
    const at::NoGradGuard no_grad;
    // Of every batch [3, molecules, tasks]: logits, targets, weights.
    const at::Tensor all =
        at::cat(
            scores_of_batches(split,
                              [&](const Batch& batch) {
                                const at::Tensor logits =
                                    forward(batch, {ForwardMode::evaluate, false, std::nullopt}).cpu();
                                return at::stack({logits.to(at::kDouble), batch.at("targets").to(at::kDouble),
                                                  batch.at("weights").to(at::kDouble)});
                              }),
            1)
            .to(at::kFloat);
    return metrics_of(all[0].contiguous(), all[1].contiguous(), all[2].contiguous());
  }

  std::vector<FingerprintCase> fingerprint_cases() const override {
    return {ogbg_fingerprint_case(config_.tasks)};
  }

  std::string data_set_id() const override { return read_manifest(folder_, kName).id; }

 private:
  // All [molecules, tasks], float32 on the CPU. Sums in double.
  static Metrics metrics_of(const at::Tensor& logits, const at::Tensor& targets, const at::Tensor& weights) {
    Batch all;
    all.tensors = {{"targets", targets}, {"weights", weights}};
    const double labels = weights.sum(at::kDouble).item<double>();
    const double summed = masked_task_loss(all, logits, 0).per_example.sum(at::kDouble).item<double>();
    const at::Tensor right = logits.gt(0).to(at::kFloat).eq(targets).to(at::kFloat) * weights;
    const at::Tensor scores = logits.sigmoid();
    return {{"loss", summed / labels},
            {"accuracy", right.sum(at::kDouble).item<double>() / labels},
            {"mean_average_precision", mean_average_precision({values_of(scores), values_of(targets),
                                                               values_of(weights), targets.size(1)})}};
  }

  // Every molecule of the split once; of the training data as many as there are to validate on.
  std::vector<at::Tensor> scores_of_batches(Split split, const BatchScore& score) {
    const std::vector<uint32_t> order = evaluation_order(split);
    const Molecules& all = *molecules();
    const int64_t batch_size = options_.evaluation_batch_size > 0
                                   ? std::min(options_.evaluation_batch_size, kLargestEvaluationBatch)
                                   : kLargestEvaluationBatch;
    const std::vector<size_t> ends = batch_ends(all, order, packing_limits(all, batch_size));
    return evaluation_pass(
        static_cast<int64_t>(ends.size()), 1, options_.loader_threads,
        [&](int64_t index, int64_t) {
          const auto i = static_cast<size_t>(index);
          const size_t begin = i == 0 ? 0 : ends[i - 1];
          return molecule_batch(all, order.data() + begin, static_cast<int64_t>(ends[i] - begin));
        },
        score);
  }

  std::vector<uint32_t> evaluation_order(Split split) {
    const Molecules& all = *molecules();
    if (split == Split::validation) return all.validation;
    if (split == Split::test) return all.test;
    std::vector<uint32_t> part =
        train_evaluation_part(static_cast<uint32_t>(all.train.size()), all.validation.size());
    for (uint32_t& molecule : part) molecule = all.train[molecule];
    return part;
  }

  std::shared_ptr<const Molecules> molecules() {
    if (molecules_ == nullptr) {
      read_manifest(folder_, kName);  // a data set without one was never completed
      const auto tasks = static_cast<int>(config_.tasks);
      molecules_ = std::make_shared<const Molecules>(
          options_.training_only
              ? read_molecules(training_folder(folder_, kName), tasks, MoleculeSplits::train)
              : read_molecules(folder_, tasks));
    }
    return molecules_;
  }

  WorkloadOptions options_;
  std::filesystem::path folder_;
  GraphNetworkConfig config_;
  std::shared_ptr<GraphNetwork> model_;
  std::shared_ptr<const Molecules> molecules_;
};

}  // namespace

std::unique_ptr<Workload> make_ogbg(const WorkloadOptions& options) {
  return std::make_unique<OgbgWorkload>(options);
}

}  // namespace timetrial
