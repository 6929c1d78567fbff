#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "harness/errors/user_error.h"
#include "workloads/data/evaluation_pass.h"
#include "workloads/data/moved_batch.h"
#include "workloads/data/seeded_order.h"
#include "workloads/data/shuffled_batches.h"
#include "workloads/metrics/time_ranking.h"
#include "workloads/parameter_kinds.h"
#include "workloads/preparation.h"
#include "workloads/tpugraphs/configuration_draw.h"
#include "workloads/tpugraphs/ranking_losses.h"
#include "workloads/tpugraphs_tile/early_join_network.h"
#include "workloads/tpugraphs_tile/tile_batch.h"
#include "workloads/tpugraphs_tile/tile_fingerprint.h"
#include "workloads/tpugraphs_tile/tile_kernels.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

constexpr const char* kName = "tpugraphs_tile";
constexpr int64_t kDrawnConfigurations = 10;  // of each kernel of a batch
constexpr double kTemperature = 10;
constexpr double kErrorWeight = 0.02;  // of the squared error beside ListMLE's 1
constexpr double kMargin = 0.1;

enum class TileLoss { list_mle, pairwise_hinge, squared_error };

TileLoss loss_of_variant(const std::string& variant) {
  if (variant.empty()) return TileLoss::list_mle;
  if (variant == "pairwise_hinge") return TileLoss::pairwise_hinge;
  if (variant == "squared_error") return TileLoss::squared_error;
  throw UserError({"tpugraphs_tile has no such variant", "", variant,
                   "use pairwise_hinge or squared_error, or leave it out"});
}

// [lists]
at::Tensor losses_of(TileLoss loss, const at::Tensor& scores, const at::Tensor& times) {
  if (loss == TileLoss::pairwise_hinge) return pairwise_hinge(scores, times, kMargin);
  const at::Tensor error = mean_squared_time_error(scores, times);
  if (loss == TileLoss::squared_error) return error;
  return (list_mle(scores, times, kTemperature) + kErrorWeight * error) / (1 + kErrorWeight);
}

// Some configurations of a kernel that follow each other.
struct Stretch {
  const MeasuredKernel* kernel = nullptr;
  int64_t begin = 0;
  int64_t end = 0;

  bool is_last() const { return end == kernel->configuration_count(); }
};

class TpugraphsTileWorkload : public Workload {
 public:
  explicit TpugraphsTileWorkload(WorkloadOptions options)
      : options_(std::move(options)),
        folder_(data_set_directory(options_, kName)),
        loss_(loss_of_variant(options_.variant)) {}

  LossType loss_type() const override { return LossType::ranking; }

  void build_model(uint64_t seed, at::ScalarType dtype) override {
    const auto options = at::TensorOptions().dtype(dtype).device(options_.device);
    model_ = std::make_shared<EarlyJoinNetwork>(EarlyJoinConfig(), options,
                                                seeded_generator(options_.device, seed));
  }

  torch::nn::Module& model() override { return *model_; }

  ParameterList parameters() override { return list_parameters(*model_, "head_2"); }

  // Scores [kernels, configurations], larger for a longer time.
  at::Tensor forward(const Batch& batch, const ForwardOptions& options) override {
    model_->train(options.mode == ForwardMode::train);
    return model_->forward(moved_batch(batch, options_.device));
  }

  // One list a kernel.
  Loss loss(const Batch& batch, const at::Tensor& logits, const LossOptions&) override {
    const at::Tensor times = batch.at("targets").to(logits.device(), logits.scalar_type());
    const at::Tensor each = losses_of(loss_, logits, times);
    return {each.sum(), at::full({}, each.size(0), each.options().requires_grad(false)), each};
  }

  std::unique_ptr<BatchSource> training_data(int64_t batch_size, uint64_t seed) override {
    const std::shared_ptr<const TileKernels> all = kernels();
    return shuffled_batches(
        std::ssize(all->train), batch_size, seed, [all, seed](const ChosenExamples& chosen) {
          std::vector<ChosenConfigurations> of_batch;
          for (const uint32_t i : chosen.examples) {
            const MeasuredKernel& kernel = all->train[i];
            of_batch.push_back({&kernel, draw_configurations(kernel.configuration_count(),
                                                             kDrawnConfigurations, seed, chosen.epoch, i)});
          }
          return tile_batch(of_batch);
        });
  }

  // Every configuration of every kernel of the split once.
  Metrics evaluate(Split split) override {
    require_evaluation_data(options_);
    if (split == Split::test && options_.tier == Tier::full) return {};  // the official times are withheld
    const at::NoGradGuard no_grad;
    const std::vector<Stretch> stretches = stretches_of(split);
    const std::vector<at::Tensor> scores = evaluation_pass(
        std::ssize(stretches), 1, options_.loader_threads,
        [&](int64_t index, int64_t) { return batch_of(stretches[static_cast<size_t>(index)]); },
        [&](const Batch& batch) {
          return forward(batch, {ForwardMode::evaluate, false, std::nullopt}).cpu().to(at::kDouble).flatten();
        });
    return metrics_of(stretches, scores);
  }

  std::vector<FingerprintCase> fingerprint_cases() const override { return {tile_fingerprint_case()}; }

  std::string data_set_id() const override { return read_manifest(folder_, kName).id; }

 private:
  static Batch batch_of(const Stretch& stretch) {
    ChosenConfigurations chosen{stretch.kernel, {}};
    for (int64_t i = stretch.begin; i < stretch.end; ++i)
      chosen.configurations.push_back(static_cast<uint32_t>(i));
    return tile_batch({&chosen, 1});
  }

  std::vector<Stretch> stretches_of(Split split) {
    const int64_t most = std::max<int64_t>(options_.evaluation_batch_size, 1);
    std::vector<Stretch> stretches;
    for (const MeasuredKernel* kernel : kernels_of(split)) {
      for (int64_t begin = 0; begin < kernel->configuration_count(); begin += most)
        stretches.push_back({kernel, begin, std::min(begin + most, kernel->configuration_count())});
    }
    return stretches;
  }

  // Of the training data as many as there are to validate on.
  std::vector<const MeasuredKernel*> kernels_of(Split split) {
    const TileKernels& all = *kernels();
    std::vector<const MeasuredKernel*> chosen;
    if (split == Split::train_evaluation) {
      const auto part = train_evaluation_part(static_cast<uint32_t>(all.train.size()), all.validation.size());
      for (const uint32_t i : part) chosen.push_back(&all.train[i]);
      return chosen;
    }
    for (const MeasuredKernel& kernel : split == Split::validation ? all.validation : all.test)
      chosen.push_back(&kernel);
    return chosen;
  }

  // Means over the kernels.
  Metrics metrics_of(const std::vector<Stretch>& stretches, const std::vector<at::Tensor>& scores) const {
    Metrics sums = {{"loss", 0},           {"ordered_pair_accuracy", 0}, {"kendall_tau", 0},
                    {"top_1_slowdown", 0}, {"top_5_slowdown", 0},        {"top_10_slowdown", 0}};
    std::vector<at::Tensor> of_kernel;
    int64_t kernels = 0;
    for (size_t i = 0; i < stretches.size(); ++i) {
      of_kernel.push_back(scores[i]);
      if (!stretches[i].is_last()) continue;
      add_metrics(*stretches[i].kernel, at::cat(of_kernel), sums);
      of_kernel.clear();
      ++kernels;
    }
    for (auto& [name, value] : sums) value /= static_cast<double>(kernels);
    return sums;
  }

  void add_metrics(const MeasuredKernel& kernel, const at::Tensor& scores, Metrics& sums) const {
    const at::Tensor times = at::tensor(kernel.times, at::kDouble);
    sums["loss"] += losses_of(loss_, scores.unsqueeze(0), times.unsqueeze(0)).item<double>();
    const at::Tensor rounded = scores.to(at::kFloat);
    const std::span<const float> predicted(rounded.const_data_ptr<float>(), kernel.times.size());
    const std::vector<double> wide(predicted.begin(), predicted.end());
    sums["ordered_pair_accuracy"] += ordered_pairs(predicted, kernel.times, kernel.resolution).accuracy();
    sums["kendall_tau"] += kendall_tau(wide, kernel.times);
    for (const int64_t k : {1, 5, 10})
      sums["top_" + std::to_string(k) + "_slowdown"] += top_k_slowdown(predicted, kernel.times, k);
  }

  std::shared_ptr<const TileKernels> kernels() {
    if (kernels_ == nullptr) {
      read_manifest(folder_, kName);  // a data set without one was never completed
      kernels_ = std::make_shared<const TileKernels>(
          read_tile_kernels(folder_, options_.training_only ? TileSplits::train : TileSplits::all,
                            options_.tier == Tier::mini));
    }
    return kernels_;
  }

  WorkloadOptions options_;
  std::filesystem::path folder_;
  TileLoss loss_;
  std::shared_ptr<EarlyJoinNetwork> model_;
  std::shared_ptr<const TileKernels> kernels_;
};

}  // namespace

std::unique_ptr<Workload> make_tpugraphs_tile(const WorkloadOptions& options) {
  return std::make_unique<TpugraphsTileWorkload>(options);
}

}  // namespace timetrial
