#include "harness/worker/training_session.h"

#include <algorithm>
#include <thread>
#include <utility>

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <torch/nn/module.h>

#include "harness/errors/user_error.h"
#include "harness/worker/batch_on_device.h"
#include "harness/worker/evaluated_model.h"
#include "harness/worker/own_backward.h"
#include "harness/worker/parameter_checksums.h"
#include "harness/worker/seeds.h"
#include "timetrial/ranks.h"

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

// With several ranks the normaliser of a loss is that of the whole batch, divided by their number: then the
// ranks' average of a mean loss, and of its gradients, is that of the whole batch.
void normalise_over_ranks(Loss& loss) {
  if (ranks().count() == 1) return;
  loss.valid_examples =
      loss.valid_examples.to(loss.summed.scalar_type(), /*non_blocking=*/false, /*copy=*/true);
  average_over_ranks({loss.valid_examples});
}

// Dropout and the like draw other numbers on every rank.
uint64_t training_seed(const TrialSeeds& seeds) {
  return ranks().rank() == 0 ? seeds.training
                             : split_mix(seeds.training, static_cast<uint64_t>(ranks().rank()));
}

// The name of what every rank has its own of in a checkpoint.
std::string of_rank(const std::string& name, int64_t rank) {
  return rank == 0 ? name : name + "/rank_" + std::to_string(rank);
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

namespace {

WorkloadOptions training_options(const TrialSpec& spec, Device& device, bool training_only) {
  WorkloadOptions options = workload_options(spec, device);
  options.training_only = training_only;
  return options;
}

}  // namespace

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
    normalise_over_ranks(loss);
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
    at::Tensor value = mean.detach();
    if (session_.averaging_) {
      value = value.clone();
      session_.averaging_->include(value);
    }
    {
      const InStepPart backward(session_.step_times_, StepPart::backward);
      mean.backward();
    }
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
    Loss found = session_.workload_->loss(session_.batch_, logits, loss);
    normalise_over_ranks(found);
    return found.mean();
  }

  TrainingSession& session_;
  const StepSurroundings* surroundings_ = nullptr;
  at::Tensor reported_loss_;
};

TrainingSession::TrainingSession(const TrialSpec& spec, Device& device, CallObserver& observer,
                                 ProcessGroup* group, bool training_only)
    : device_(device),
      hyperparameters_(spec.hyperparameters),
      audit_(spec.audit_sync ? device.audit_waits() : nullptr),
      audited_calls_(audit_ ? std::make_unique<AuditedCalls>(observer, *audit_) : nullptr),
      submission_(open_submission_library(spec.submission_library),
                  audited_calls_ ? *audited_calls_ : observer),
      workload_(make_workload(spec.workload, training_options(spec, device, training_only))),
      step_times_(device, derive_seeds(spec.seed).step_samples) {
  const TrialSeeds seeds = derive_seeds(spec.seed);
  workload_->build_model(seeds.model);
  parameters_ = workload_->parameters();
  for (const Parameter& parameter : parameters_) storage_.push_back(parameter.tensor.const_data_ptr());

  for (const auto& buffer : workload_->model().named_buffers()) buffers_.push_back(buffer.value());

  batch_size_ = submission_.batch_size({full_workload_name(spec), spec.tier, spec.default_batch_size});
  require_an_example_for_every_rank();
  queue_ = std::make_unique<LoaderQueue>(workload_->training_data(batch_size_, seeds.data),
                                         training_loader_threads(spec, device), device, *this);
  model_ = std::make_unique<WorkloadModel>(*workload_, step_times_, audit_.get());
  current_ = std::make_unique<CurrentStep>(*this);
  // What training itself draws (dropout …) starts from its own seed, however much initialisation drew.
  generator_of(device_.torch_device()).set_current_seed(training_seed(seeds));
  submission_.initialize({parameters_, hyperparameters_, workload_->loss_type(), spec.step_hint,
                          seeds.submission, device_.torch_device()});
  if (group != nullptr) average_gradients(*group);
  // An audit looks at the calls themselves.
  if (spec.step_graph && !spec.audit_sync && device_.can_record() && submission_.capturable())
    step_graphs_.emplace(device_, step_times_);
}

TrainingSession::~TrainingSession() = default;

void TrainingSession::require_an_example_for_every_rank() const {
  if (batch_size_ >= ranks().count()) return;
  throw SubmissionError("batch_size", "a global batch of " + std::to_string(batch_size_) +
                                          " examples cannot be shared by " + std::to_string(ranks().count()) +
                                          " ranks. To cure it: ask for a larger batch, or start fewer ranks");
}

void TrainingSession::average_gradients(ProcessGroup& group) {
  std::vector<at::Tensor> tensors;
  for (const Parameter& parameter : parameters_) tensors.push_back(parameter.tensor);
  averaging_ = std::make_unique<GradientAveraging>(tensors, group, [this](const std::function<void()>& wait) {
    const InStepPart part(step_times_, StepPart::gradient_averaging);
    wait();
  });
}

void TrainingSession::advance(const StepSurroundings& surroundings) {
  current_->begin(surroundings);
  {
    const InStepPart part(step_times_, StepPart::update);
    submission_.select_batch(*queue_, batch_);
  }
  if (!step_graphs_) copy_batch(step_times_, batch_, device_);
  const auto update = [this] {
    if (step_graphs_ || !device_.torch_device().is_cpu()) note_targets(batch_);  // not the queue's own
    if (averaging_) averaging_->start_over();  // after an update that could not be recorded to its end
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
  return evaluate_all_splits(*workload_);
}

double TrainingSession::data_wait_seconds() const {
  return queue_->waited_seconds();
}

std::vector<at::Tensor> TrainingSession::tensors() const {
  return tensors_of_model(*workload_);
}

std::string TrainingSession::first_non_finite_parameter() const {
  return timetrial::first_non_finite_parameter(parameters_);
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

void TrainingSession::require_same_parameters_on_all_ranks() const {
  if (ranks().count() == 1) return;
  const std::vector<at::Tensor> by_rank = ranks().gather(parameter_checksums(parameters_));
  for (size_t rank = 1; rank < by_rank.size(); ++rank) {
    const at::Tensor differing = by_rank[rank].ne(by_rank[0]).nonzero();
    if (differing.numel() == 0) continue;
    throw SubmissionError("update",
                          "parameter " + parameters_[static_cast<size_t>(differing[0].item<int64_t>())].name +
                              " is not the same on ranks 0 and " + std::to_string(rank) +
                              ". To cure it: let the update depend on averaged gradients alone (grad(), or "
                              "average_over_ranks of timetrial/ranks.h), and on no clock or random number of "
                              "the rank's own");
  }
}

std::string TrainingSession::parameters_hash() const {
  return hash_of_parameters(parameters_);
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
  const auto keep_generators = [&](const std::string& name, const at::Device& device) {
    const std::vector<at::Tensor> states = ranks().gather(generator_of(device).get_state());
    for (size_t rank = 0; rank < states.size(); ++rank)
      checkpoint.tensors[of_rank(name, static_cast<int64_t>(rank))] = states[rank];
  };
  keep_generators("random/cpu", at::kCPU);
  if (!device_.torch_device().is_cpu()) keep_generators("random/device", device_.torch_device());
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
  const auto set_generator = [&](const std::string& name, const at::Device& device) {
    generator_of(device).set_state(checkpoint.tensors.at(of_rank(name, ranks().rank())).clone());
  };
  set_generator("random/cpu", at::kCPU);
  if (!device_.torch_device().is_cpu()) set_generator("random/device", device_.torch_device());
  queue_->loader().seek(checkpoint.integers.at("data_position"));
  step_ = checkpoint.integers.at("step").at(0);
  losses_.restore(checkpoint.integers.at("consecutive_non_finite_losses").at(0));
}

}  // namespace timetrial
