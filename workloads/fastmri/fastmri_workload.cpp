#include <algorithm>
#include <map>
#include <numeric>
#include <optional>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include "workloads/data/evaluation_pass.h"
#include "workloads/data/seeded_order.h"
#include "workloads/fastmri/knee_folders.h"
#include "workloads/fastmri/mini_scan.h"
#include "workloads/fastmri/slice_source.h"
#include "workloads/fastmri/unet.h"
#include "workloads/fingerprint/generated_tensor.h"
#include "workloads/masked_loss.h"
#include "workloads/metrics/ssim.h"
#include "workloads/parameter_kinds.h"
#include "workloads/preparation.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

constexpr const char* kName = "fastmri";
constexpr int64_t kFullSide = 320;
constexpr int64_t kFullValidationFiles = 100;
constexpr int64_t kDefaultEvaluationBatch = 256;
// Masks of evaluation are the same in every trial.
constexpr uint64_t kEvaluationSeed = 0;

class FastmriWorkload : public Workload {
 public:
  explicit FastmriWorkload(WorkloadOptions options)
      : options_(std::move(options)),
        folder_(data_set_directory(options_, kName)),
        config_(unet_config(is_mini(), options_.variant)) {}

  LossType loss_type() const override { return LossType::mean_absolute_error; }

  void build_model(uint64_t seed, at::ScalarType dtype) override {
    const auto options = at::TensorOptions().dtype(dtype).device(options_.device);
    model_ = std::make_shared<Unet>(config_, options, seeded_generator(options_.device, seed));
  }

  torch::nn::Module& model() override { return *model_; }

  ParameterList parameters() override { return list_parameters(*model_, model_->output_layer()); }

  // [batch, height, width]
  at::Tensor forward(const Batch& batch, const ForwardOptions& options) override {
    model_->train(options.mode == ForwardMode::train);
    return model_->forward(batch.at("inputs").to(options_.device, /*non_blocking=*/true),
                           options.dropout_rate.value_or(0.0));
  }

  // Mean absolute difference of an example's pixels; label smoothing does not apply.
  Loss loss(const Batch& batch, const at::Tensor& logits, const LossOptions&) override {
    const at::Tensor targets = batch.at("targets").to(logits.options());
    return masked_loss((logits - targets).abs().mean(at::IntArrayRef{1, 2}), batch);
  }

  std::unique_ptr<BatchSource> training_data(int64_t batch_size, uint64_t seed) override {
    const auto slices = std::make_shared<const SliceStore>(train_volumes(), MaskSeeds{seed, true});
    return slice_training(slices, batch_size, seed);
  }

  Metrics evaluate(Split split) override {
    require_evaluation_data(options_);
    const at::NoGradGuard no_grad;
    const EvaluationSlices& slices = evaluation_slices(split);
    const auto examples = static_cast<int64_t>(slices.order.size());
    const int64_t batch_size =
        options_.evaluation_batch_size > 0 ? options_.evaluation_batch_size : kDefaultEvaluationBatch;
    const auto make = [&](int64_t begin, int64_t count) {
      return slices.store->gather(slices.order.data() + begin, count);
    };
    const auto score = [&](const Batch& batch) {
      const at::Tensor images = forward(batch, {ForwardMode::evaluate, false, std::nullopt});
      return numbers({loss(batch, images, {}).per_example.sum(at::kDouble).item<double>(),
                      sum_of_similarities(images, batch)});
    };
    const std::vector<double> sums =
        sums_of(evaluation_pass(examples, batch_size, options_.loader_threads, make, score));
    const auto count = static_cast<double>(examples);
    return {{"loss", sums[0] / count}, {"ssim", sums[1] / count}};
  }

  std::vector<FingerprintCase> fingerprint_cases() const override {
    const auto make_case = [](const char* name, int64_t examples, int64_t height, int64_t width) {
      Batch batch;
      batch.examples = std::max<int64_t>(1, examples - 1);
      batch.tensors = {
          {"inputs", uniform_tensor(1001, {examples, height, width})},
          {"targets", uniform_tensor(1002, {examples, height, width})},
          {"weights", examples > 1 ? weights_without_last(examples) : at::ones({1}, at::kFloat)}};
      return FingerprintCase{name, batch};
    };
    return {make_case("s64", 3, 64, 64), make_case("odd50x54", 2, 50, 54), make_case("full320", 1, 320, 320)};
  }

  std::string data_set_id() const override { return read_manifest(folder_, kName).id; }

 private:
  struct EvaluationSlices {
    std::shared_ptr<const SliceStore> store;
    std::vector<uint32_t> order;  // which slices, each once
  };

  bool is_mini() const { return options_.tier == Tier::mini; }

  // Structural similarity of the images as they were before normalisation, clipped parts aside.
  static double sum_of_similarities(const at::Tensor& images, const Batch& batch) {
    const at::Tensor predicted = images.to(at::kCPU, at::kFloat).contiguous();
    const at::Tensor targets = batch.at("targets");
    const int64_t height = predicted.size(1);
    const int64_t width = predicted.size(2);
    std::vector<double> similarities(static_cast<size_t>(predicted.size(0)));
    at::parallel_for(0, predicted.size(0), 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        similarities[static_cast<size_t>(i)] = structural_similarity(
            {predicted.const_data_ptr<float>() + i * height * width,
             targets.const_data_ptr<float>() + i * height * width, height, width,
             batch.at("std").const_data_ptr<float>()[i], batch.at("mean").const_data_ptr<float>()[i],
             batch.at("volume_max").const_data_ptr<float>()[i]});
      }
    });
    return std::accumulate(similarities.begin(), similarities.end(), 0.0);
  }

  const KneeFiles& files() {
    if (!files_) {
      read_manifest(folder_, kName);  // a data set without one was never completed
      files_ = options_.training_only
                   ? KneeFiles{list_training_knee_files(folder_), {}, {}}
                   : list_knee_files(folder_, is_mini() ? kMiniValidationFiles : kFullValidationFiles);
    }
    return *files_;
  }

  std::vector<VolumeFile> open(const std::vector<std::filesystem::path>& split) const {
    return open_volumes(split, is_mini() ? kMiniSide : kFullSide);
  }

  const std::vector<VolumeFile>& train_volumes() {
    if (train_volumes_.empty()) train_volumes_ = open(files().train);
    return train_volumes_;
  }

  // Every slice of the split; of the training data as many as there are to validate on.
  const EvaluationSlices& evaluation_slices(Split split) {
    const auto found = evaluation_slices_.find(split);
    if (found != evaluation_slices_.end()) return found->second;
    EvaluationSlices slices;
    if (split == Split::train_evaluation) {
      const auto wanted = evaluation_slices(Split::validation).order.size();
      slices.store = std::make_shared<const SliceStore>(train_volumes(), MaskSeeds{kEvaluationSeed, true});
      slices.order = train_evaluation_part(static_cast<uint32_t>(slices.store->size()), wanted);
    } else {
      slices.store = std::make_shared<const SliceStore>(
          open(split == Split::validation ? files().validation : files().test),
          MaskSeeds{kEvaluationSeed, false});
      slices.order.resize(static_cast<size_t>(slices.store->size()));
      std::iota(slices.order.begin(), slices.order.end(), 0u);
    }
    return evaluation_slices_[split] = std::move(slices);
  }

  WorkloadOptions options_;
  std::filesystem::path folder_;
  UnetConfig config_;
  std::shared_ptr<Unet> model_;
  std::optional<KneeFiles> files_;
  std::vector<VolumeFile> train_volumes_;
  std::map<Split, EvaluationSlices> evaluation_slices_;
};

}  // namespace

std::unique_ptr<Workload> make_fastmri(const WorkloadOptions& options) {
  return std::make_unique<FastmriWorkload>(options);
}

}  // namespace timetrial
