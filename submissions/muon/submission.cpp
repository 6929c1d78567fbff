// Muon for the matrices of a model, AdamW for its embeddings and everything of one dimension, linear warm-up
// and cosine decay.

#include "timetrial/submission.h"

#include "orthogonalized_momentum.h"
#include "timetrial/checked_hyperparameters.h"
#include "timetrial/fused_adamw.h"
#include "timetrial/gradients.h"
#include "timetrial/learning_rate_schedule.h"
#include "timetrial/step_options.h"
#include "timetrial/tensor_partition.h"

namespace timetrial {
namespace {

constexpr double kDropoutRate = 0.1;
constexpr StepDefaults kStepDefaults = {.label_smoothing = 0.1, .grad_clip = 0};

// An embedding is a table of rows that are used one by one: its singular values mean nothing.
bool is_matrix(const Parameter& parameter) {
  return parameter.tensor.dim() >= 2 && parameter.kind != ParameterKind::embedding;
}

class Muon : public Submission {
 public:
  void initialize(const Initialization& initialization) override {
    const Hyperparameters& hyperparameters = initialization.hyperparameters;
    options_ = StepOptions::read(hyperparameters, kStepDefaults);
    if (!options_.forward.dropout_rate) options_.forward.dropout_rate = kDropoutRate;

    const double learning_rate = not_negative(hyperparameters, "learning_rate", 0.01);
    const double adam_learning_rate = not_negative(hyperparameters, "adam_learning_rate", learning_rate);
    const double warmup_factor = fraction(hyperparameters, "warmup_factor", 0.05);
    schedule_ = WarmupCosine::over(initialization.step_hint, learning_rate, warmup_factor);

    OrthogonalizedMomentum::Settings matrix_settings;
    matrix_settings.beta = decay_rate_from_complement(hyperparameters, "one_minus_momentum", 0.1);
    matrix_settings.nesterov = hyperparameters.flag_or("nesterov", true);
    matrix_settings.weight_decay = not_negative(hyperparameters, "weight_decay", 0);
    matrix_settings.scale =
        hyperparameters.flag_or("match_adam", false) ? MuonScale::match_adam : MuonScale::spectral_norm;
    AdamSettings adam_settings;
    adam_settings.schedule = WarmupCosine::over(initialization.step_hint, adam_learning_rate, warmup_factor);
    adam_settings.beta1 = decay_rate_from_complement(hyperparameters, "adam_one_minus_beta1", 0.1);
    adam_settings.beta2 = decay_rate(hyperparameters, "adam_beta2", 0.999);
    adam_settings.weight_decay = not_negative(hyperparameters, "adam_weight_decay", 0);
    adam_settings.epsilon = not_negative(hyperparameters, "adam_epsilon", 1e-8);

    for (const Parameter& parameter : initialization.parameters) {
      parameters_.push_back(parameter.tensor);
      matrices_.add(is_matrix(parameter));
    }
    auto [matrices, others] = matrices_.of(parameters_);
    muon_ = OrthogonalizedMomentum(std::move(matrices), matrix_settings);
    adamw_ = FusedAdamw(std::move(others), adam_settings);
  }

  void update(Step& step) override {
    step.backward(options_.forward, options_.loss);
    const std::vector<at::Tensor> gradients = gradients_of(parameters_);
    if (options_.grad_clip > 0) clip_gradients(gradients, options_.grad_clip);
    const auto [of_matrices, of_others] = matrices_.of(gradients);
    muon_.update(of_matrices, schedule_.at(step.index()));
    adamw_.update(of_others, step.index());
  }

  void save(State& state) const override {
    muon_.save(state);
    adamw_.save(state);
  }

  void load(const State& state) override {
    muon_.load(state);
    adamw_.load(state);
  }

 private:
  StepOptions options_;
  WarmupCosine schedule_;
  std::vector<at::Tensor> parameters_;
  TensorPartition matrices_;
  OrthogonalizedMomentum muon_;
  FusedAdamw adamw_;
};

}  // namespace

TIMETRIAL_SUBMISSION(Muon)

}  // namespace timetrial
