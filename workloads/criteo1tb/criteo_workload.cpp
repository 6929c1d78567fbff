#include <algorithm>
#include <map>
#include <optional>

#include <ATen/ATen.h>

#include "workloads/criteo1tb/criteo_source.h"
#include "workloads/criteo1tb/day_files.h"
#include "workloads/criteo1tb/dlrm.h"
#include "workloads/data/evaluation_pass.h"
#include "workloads/data/prefetching_loader.h"
#include "workloads/fingerprint/generated_tensor.h"
#include "workloads/masked_loss.h"
#include "workloads/parameter_kinds.h"
#include "workloads/preparation.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

constexpr const char* kName = "criteo1tb";
constexpr int64_t kDefaultEvaluationBatch = 8192;
// Which part of the training data the train metrics come from is the same in every trial.
constexpr uint64_t kTrainEvaluationSeed = 0;
constexpr int64_t kFingerprintTableRows = 16384;

class CriteoWorkload : public Workload {
 public:
  explicit CriteoWorkload(WorkloadOptions options)
      : options_(std::move(options)),
        folder_(data_set_directory(options_, kName)),
        config_(dlrm_config(options_.tier == Tier::mini, options_.variant)) {}

  LossType loss_type() const override { return LossType::sigmoid_cross_entropy; }

  void build_model(uint64_t seed, at::ScalarType dtype) override { build(config_, seed, dtype); }

  torch::nn::Module& model() override { return *model_; }

  ParameterList parameters() override { return list_parameters(*model_, model_->output_layer()); }

  // [batch, 1]
  at::Tensor forward(const Batch& batch, const ForwardOptions& options) override {
    model_->train(options.mode == ForwardMode::train);
    return model_->forward(batch.at("inputs").to(options_.device, /*non_blocking=*/true),
                           options.dropout_rate.value_or(0.0));
  }

  // Binary cross entropy by log-sigmoids; label smoothing does not apply.
  Loss loss(const Batch& batch, const at::Tensor& logits, const LossOptions&) override {
    const at::Tensor values = logits.reshape(-1);
    const at::Tensor targets = batch.at("targets").reshape(-1).to(values.options());
    return masked_loss(-(targets * at::log_sigmoid(values) + (1 - targets) * at::log_sigmoid(-values)),
                       batch);
  }

  std::unique_ptr<BatchSource> training_data(int64_t batch_size, uint64_t seed) override {
    const auto& files = day_files().train;
    if (total_bytes(files) > kMostBytesInMemory) {
      return std::make_unique<StreamedCriteoSource>(files, batch_size, seed, AtEpochEnd::drop_remainder);
    }
    if (parsed_training_ == nullptr) parsed_training_ = parse_files(files);
    return std::make_unique<ParsedCriteoSource>(parsed_training_, batch_size, seed);
  }

  Metrics evaluate(Split split) override {
    require_evaluation_data(options_);
    const at::NoGradGuard no_grad;
    std::vector<at::Tensor> own;
    for_each_own_batch(split, [&](const Batch& batch) {
      const at::Tensor logits = forward(batch, {ForwardMode::evaluate, false, std::nullopt});
      own.push_back(numbers({loss(batch, logits, {}).per_example.sum(at::kDouble).item<double>(),
                             static_cast<double>(batch.examples)}));
    });
    const std::vector<double> sums = sums_of(of_all_ranks(own));
    return {{"loss", sums[0] / sums[1]}};
  }

  std::vector<FingerprintCase> fingerprint_cases() const override {
    const at::Tensor dense = uniform_tensor(1001, {4, 13});
    const at::Tensor ids = hash_tensor(1002, {4, 26}, 1000000).to(at::kFloat);
    Batch batch;
    batch.examples = 3;
    batch.tensors = {{"inputs", at::cat({dense, ids}, 1)},
                     {"targets", hash_tensor(1003, {4, 1}, 2).to(at::kFloat)},
                     {"weights", weights_without_last(4).unsqueeze(1)}};
    return {{"b4", batch}};
  }

  // The full table takes gigabytes and is all alike.
  void build_fingerprint_model(at::ScalarType dtype) override {
    DlrmConfig config = config_;
    config.table_rows = std::min(config.table_rows, kFingerprintTableRows);
    build(config, 0, dtype);
  }

  std::string data_set_id() const override { return read_manifest(folder_, kName).id; }

 private:
  void build(const DlrmConfig& config, uint64_t seed, at::ScalarType dtype) {
    const auto options = at::TensorOptions().dtype(dtype).device(options_.device);
    model_ = nullptr;  // two tables at a time would need 4 GB
    model_ = std::make_shared<Dlrm>(config, options, seeded_generator(options_.device, seed));
  }

  const DayFiles& day_files() {
    if (!day_files_) {
      manifest_ = read_manifest(folder_, kName);
      day_files_ = list_day_files(folder_);
    }
    return *day_files_;
  }

  // Every example of the split once, by one of the ranks; of the training data as many as there are to
  // validate on.
  template <typename Visit>
  void for_each_own_batch(Split split, Visit&& visit) {
    const auto cached = evaluation_batches_.find(split);
    if (cached != evaluation_batches_.end()) {
      for (const Batch& batch : cached->second) visit(batch);
      return;
    }
    const auto files = evaluation_files(split);
    const bool keep = total_bytes(files) <= kMostBytesInMemory;
    int64_t left = split == Split::train_evaluation ? manifest_.examples.at("validation") : INT64_MAX;
    std::vector<Batch> kept;
    PrefetchingLoader loader = open_evaluation(files);
    for (int64_t index = 0; left > 0; ++index) {
      Batch batch = loader.next();
      if (batch.examples == 0) break;
      const int64_t examples = std::min(batch.examples, left);
      left -= examples;
      if (!is_own_batch(index)) continue;
      if (batch.examples > examples) batch = first_examples(batch, examples);
      visit(batch);
      if (keep) kept.push_back(std::move(batch));
    }
    if (keep) evaluation_batches_[split] = std::move(kept);
  }

  std::vector<std::filesystem::path> evaluation_files(Split split) {
    const DayFiles& files = day_files();
    return split == Split::validation ? files.validation : split == Split::test ? files.test : files.train;
  }

  PrefetchingLoader open_evaluation(const std::vector<std::filesystem::path>& files) const {
    const int64_t batch =
        options_.evaluation_batch_size > 0 ? options_.evaluation_batch_size : kDefaultEvaluationBatch;
    return PrefetchingLoader(
        std::make_unique<StreamedCriteoSource>(files, batch, kTrainEvaluationSeed, AtEpochEnd::stop),
        options_.loader_threads, 2 * options_.loader_threads);
  }

  static Batch first_examples(const Batch& batch, int64_t count) {
    Batch cut;
    cut.examples = count;
    for (const auto& [name, tensor] : batch.tensors) cut.tensors[name] = tensor.narrow(0, 0, count).clone();
    return cut;
  }

  WorkloadOptions options_;
  std::filesystem::path folder_;
  DlrmConfig config_;
  std::shared_ptr<Dlrm> model_;
  DataSetManifest manifest_;
  std::optional<DayFiles> day_files_;
  std::shared_ptr<const ParsedFiles> parsed_training_;
  std::map<Split, std::vector<Batch>> evaluation_batches_;
};

}  // namespace

std::unique_ptr<Workload> make_criteo1tb(const WorkloadOptions& options) {
  return std::make_unique<CriteoWorkload>(options);
}

}  // namespace timetrial
