#include "harness/worker/training_session.h"

#include <algorithm>
#include <thread>
#include <utility>

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <torch/nn/module.h>

#include "harness/digest/sha256.h"
#include "harness/errors/user_error.h"
#include "harness/worker/batch_on_device.h"
#include "harness/worker/own_backward.h"
#include "harness/worker/seeds.h"

namespace timetrial {

namespace {

constexpr int kBatchesAhead = 4;

// The cores that a trial may use.
int cores_of(const TrialSpec& spec) {
  return static_cast<int>(spec.threads > 0 ? spec.threads
                                           : std::max(1u, std::thread::hardware_concurrency()));
}

// Loader threads beside the training. Training on the CPU has use for every core itself; training on a device
// leaves them free.
int training_loader_threads(const TrialSpec& spec, const Device& device) {
  return std::max(1, device.torch_device().is_cpu() ? cores_of(spec) / 8 : cores_of(spec) - 2);
}

at::Generator generator_of(const at::Device& device) {
  return at::globalContext().defaultGenerator(device);
}

}  // namespace

WorkloadOptions workload_options(const TrialSpec& spec, Device& device) {
  WorkloadOptions options;
  options.tier = tier_from_string(spec.tier);
  options.variant = spec.variant;
  options.data_directory = spec.data_directory;
  options.device = device.torch_device();
  options.evaluation_batch_size = spec.evaluation_batch_size;
  options.loader_threads = std::max(1, cores_of(spec) / 2);
  return options;
}

class TrainingSession::LoaderQueue final : public TrainingQueue {
 public:
  LoaderQueue(std::unique_ptr<BatchSource> source, int threads, const Device& device,
              TrainingSession& session)
      : loader_(std::move(source), threads, threads + kBatchesAhead,
                [&device](Batch& batch) {
                  for (auto& [name, tensor] : batch.tensors) tensor = device.ready_to_copy(tensor);
                }),
        session_(session),
        times_(session.step_times_),
        audit_(session.audit_.get()) {}
  Batch next() override {
    const SyncRegion of_harness(audit_, nullptr);
    const InStepPart waiting(times_, StepPart::data_wait);
    const double begin = steady_seconds();
    Batch batch = loader_.next();
    waited_seconds_ += steady_seconds() - begin;
    session_.note_targets(batch);
    return batch;
  }
  double waited_seconds() const { return waited_seconds_; }
  PrefetchingLoader& loader() { return loader_; }

 private:
  PrefetchingLoader loader_;
  TrainingSession& session_;
  StepTimes& times_;
  SyncAudit* audit_;
  double waited_seconds_ = 0;
};

class TrainingSession::WorkloadModel final : public Model {
 public:
  WorkloadModel(Workload& workload, StepTimes& times, SyncAudit* audit)
      : workload_(workload), times_(times), audit_(audit) {}
  // Forward passes that may change buffers.
  int64_t statistics_updates() const { return statistics_updates_; }
  at::Tensor forward(const Batch& batch, const ForwardOptions& options) override {
    const SyncRegion of_workload(audit_, kWorkloadRegion);
    const InStepPart forward(times_, StepPart::forward);
    if (options.mode == ForwardMode::train && options.update_batch_norm) ++statistics_updates_;
    return workload_.forward(batch, options);
  }
  Loss loss(const Batch& batch, const at::Tensor& logits, const LossOptions& options) override {
    const SyncRegion of_workload(audit_, kWorkloadRegion);
    const InStepPart forward(times_, StepPart::forward);
    Loss loss = workload_.loss(batch, logits, options);
    if (times_.sampling()) time_own_backward(times_, loss);
    return loss;
  }
  LossType loss_type() const override { return workload_.loss_type(); }

 private:
  Workload& workload_;
  StepTimes& times_;
  SyncAudit* audit_;
  int64_t statistics_updates_ = 0;
};

// One object for all steps; what changes is looked up in the session.
class TrainingSession::CurrentStep final : public Step {
 public:
  explicit CurrentStep(TrainingSession& session) : session_(session) {}

  void begin(const StepSurroundings& surroundings) { surroundings_ = &surroundings; }
  // The loss reported last since the last call; undefined if none was.
  at::Tensor take_reported_loss() { return std::exchange(reported_loss_, at::Tensor()); }

  int64_t index() const override { return session_.step_; }
  const Batch& batch() const override { return session_.batch_; }
  Model& model() override { return *session_.model_; }
  ClockView clock() const override { return surroundings_->clock; }
  const std::vector<EvaluationResult>& evaluations() const override { return surroundings_->evaluations; }

  at::Tensor backward(const ForwardOptions& forward, const LossOptions& loss) override {
    const SyncRegion of_workload(session_.audit_.get(), kWorkloadRegion);
    const at::Tensor mean = mean_loss(forward, loss);
    {
      const InStepPart backward(session_.step_times_, StepPart::backward);
      mean.backward();
    }
    at::Tensor value = mean.detach();
    report_loss(value);
    return value;
  }

  void report_loss(const at::Tensor& loss) override { reported_loss_ = loss; }
  void finish_training() override { session_.finished_by_submission_ = true; }

 private:
  at::Tensor mean_loss(const ForwardOptions& forward, const LossOptions& loss) {
    const InStepPart part(session_.step_times_, StepPart::forward);
    // Dropping gradients lets the backward pass hand over its buffers instead of adding into old ones.
    for (const Parameter& parameter : session_.parameters_) parameter.tensor.mutable_grad().reset();
    const at::Tensor logits = session_.workload_->forward(session_.batch_, forward);
    return session_.workload_->loss(session_.batch_, logits, loss).mean();
  }

  TrainingSession& session_;
  const StepSurroundings* surroundings_ = nullptr;
  at::Tensor reported_loss_;
};

TrainingSession::TrainingSession(const TrialSpec& spec, Device& device, CallObserver& observer)
    : spec_(spec),
      device_(device),
      hyperparameters_(spec.hyperparameters),
      audit_(spec.audit_sync ? device.audit_waits() : nullptr),
      audited_calls_(audit_ ? std::make_unique<AuditedCalls>(observer, *audit_) : nullptr),
      submission_(open_submission_library(spec.submission_library),
                  audited_calls_ ? *audited_calls_ : observer),
      workload_(make_workload(spec.workload, workload_options(spec, device))),
      step_times_(device, derive_seeds(spec.seed).step_samples) {
  const TrialSeeds seeds = derive_seeds(spec.seed);
  workload_->build_model(seeds.model);
  parameters_ = workload_->parameters();
  for (const Parameter& parameter : parameters_) storage_.push_back(parameter.tensor.const_data_ptr());

  for (const auto& buffer : workload_->model().named_buffers()) buffers_.push_back(buffer.value());

  batch_size_ = submission_.batch_size({full_workload_name(spec), spec.tier, spec.default_batch_size});
  queue_ = std::make_unique<LoaderQueue>(workload_->training_data(batch_size_, seeds.data),
                                         training_loader_threads(spec, device), device, *this);
  model_ = std::make_unique<WorkloadModel>(*workload_, step_times_, audit_.get());
  current_ = std::make_unique<CurrentStep>(*this);
  // What training itself draws (dropout …) starts from its own seed, however much initialisation drew.
  generator_of(device_.torch_device()).set_current_seed(seeds.training);
  submission_.initialize({parameters_, hyperparameters_, workload_->loss_type(), spec.step_hint,
                          seeds.submission, device_.torch_device()});
  // An audit looks at the calls themselves.
  if (spec.step_graph && !spec.audit_sync && device_.can_record() && submission_.capturable())
    step_graphs_.emplace(device_, step_times_);
}

TrainingSession::~TrainingSession() = default;

void TrainingSession::advance(const StepSurroundings& surroundings) {
  current_->begin(surroundings);
  {
    const InStepPart part(step_times_, StepPart::update);
    submission_.select_batch(*queue_, batch_);
  }
  if (!step_graphs_) {
    copy_batch(step_times_, batch_, device_.torch_device());
    if (!device_.torch_device().is_cpu()) note_targets(batch_);
  }
  const auto update = [this] {
    const InStepPart part(step_times_, StepPart::update);
    submission_.update(*current_);
    return current_->take_reported_loss();
  };
  const at::Tensor loss = step_graphs_ ? step_graphs_->run(batch_, update).loss : update();
  require_targets_untouched("update");
  if (loss.defined()) losses_.report(loss);
  ++step_;
}

void TrainingSession::note_targets(const Batch& batch) {
  for (const char* name : {"targets", "weights"}) {
    const auto found = batch.tensors.find(name);
    if (found != batch.tensors.end()) targets_.emplace_back(found->second, found->second._version());
  }
}

void TrainingSession::require_targets_untouched(const char* call) {
  for (const auto& [tensor, version] : std::exchange(targets_, {})) {
    if (tensor._version() == version) continue;
    throw SubmissionError(call,
                          "it changed the targets of a batch in place. To cure it: change inputs only, by "
                          "rules that hold for any workload, and compute with copies of targets");
  }
}

int64_t TrainingSession::buffer_changes() const {
  int64_t changes = 0;
  for (const at::Tensor& buffer : buffers_) changes += buffer._version();
  return changes;
}

void TrainingSession::prepare_for_eval() {
  const int64_t changes = buffer_changes();
  const int64_t updates = model_->statistics_updates();
  submission_.prepare_for_eval(*model_, *queue_);
  require_targets_untouched("prepare_for_eval");
  if (buffer_changes() == changes || model_->statistics_updates() != updates) return;
  throw SubmissionError(
      "prepare_for_eval",
      "it changed buffers of the model, though no forward pass of the model did. To cure it: "
      "refresh statistics by Model::forward in training mode");
}

void TrainingSession::resume_training() {
  submission_.resume_training();
}

std::map<std::string, double> TrainingSession::evaluate() {
  std::map<std::string, double> metrics;
  for (const Split split : {Split::train_evaluation, Split::validation, Split::test}) {
    for (const auto& [name, value] : workload_->evaluate(split))
      metrics[std::string(to_string(split)) + "/" + name] = value;
  }
  return metrics;
}

double TrainingSession::data_wait_seconds() const {
  return queue_->waited_seconds();
}

std::string TrainingSession::first_non_finite_parameter() const {
  const at::NoGradGuard no_grad;
  for (const Parameter& parameter : parameters_) {
    // A sum is non-finite if any term is; a finite overflow of the sum is excluded by looking again.
    if (at::isfinite(parameter.tensor.sum()).item<bool>()) continue;
    if (!at::isfinite(parameter.tensor).all().item<bool>()) return parameter.name;
  }
  return "";
}

void TrainingSession::require_parameters_in_place() const {
  for (size_t i = 0; i < parameters_.size(); ++i) {
    if (parameters_[i].tensor.const_data_ptr() == storage_[i]) continue;
    throw SubmissionError("update",
                          "parameter " + parameters_[i].name +
                              " was given other storage, so the model no longer sees it. To cure it: change "
                              "parameters in place (copy_, add_ …), never by set_data");
  }
}

std::string TrainingSession::parameters_hash() const {
  Sha256 hash;
  for (const Parameter& parameter : parameters_) {
    const at::Tensor values = parameter.tensor.detach().to(at::kCPU).contiguous();
    hash.update(values.const_data_ptr(), values.nbytes());
  }
  return hash.finish();
}

Checkpoint TrainingSession::snapshot() {
  Checkpoint checkpoint;
  for (const Parameter& parameter : parameters_) {
    checkpoint.tensors["model/" + parameter.name] = parameter.tensor.detach();
  }
  for (const auto& buffer : workload_->model().named_buffers()) {
    checkpoint.tensors["buffer/" + buffer.key()] = buffer.value();
  }
  State state;
  submission_.save(state);
  for (const auto& [name, tensor] : state.tensors()) checkpoint.tensors["submission/" + name] = tensor;
  checkpoint.tensors["random/cpu"] = generator_of(at::kCPU).get_state();
  if (!device_.torch_device().is_cpu())
    checkpoint.tensors["random/device"] = generator_of(device_.torch_device()).get_state();
  checkpoint.integers["data_position"] = queue_->loader().position();
  checkpoint.integers["step"] = {step_};
  checkpoint.integers["consecutive_non_finite_losses"] = {losses_.consecutive_non_finite()};
  return checkpoint;
}

void TrainingSession::restore(const Checkpoint& checkpoint) {
  const at::NoGradGuard no_grad;
  for (const Parameter& parameter : parameters_) {
    at::Tensor(parameter.tensor).copy_(checkpoint.tensors.at("model/" + parameter.name));
  }
  for (const auto& buffer : workload_->model().named_buffers()) {
    at::Tensor(buffer.value()).copy_(checkpoint.tensors.at("buffer/" + buffer.key()));
  }
  State state;
  const std::string prefix = "submission/";
  for (const auto& [name, tensor] : checkpoint.tensors) {
    if (name.rfind(prefix, 0) == 0) state.put(name.substr(prefix.size()), tensor);
  }
  submission_.load(state);
  generator_of(at::kCPU).set_state(checkpoint.tensors.at("random/cpu"));
  if (!device_.torch_device().is_cpu())
    generator_of(device_.torch_device()).set_state(checkpoint.tensors.at("random/device"));
  queue_->loader().seek(checkpoint.integers.at("data_position"));
  step_ = checkpoint.integers.at("step").at(0);
  losses_.restore(checkpoint.integers.at("consecutive_non_finite_losses").at(0));
}

}  // namespace timetrial
