#pragma once

// A whole elementwise training algorithm out of its rule and its scalars:
//
//   struct SignMomentum {                                       // in a header free of LibTorch
//     static constexpr const char* kStateNames[] = {"momenta"};
//     static constexpr int kScalars = 1;
//
//     explicit SignMomentum(const Initialization& initialization);
//     void scalars(int64_t step, double* out) const;
//
//     template <typename Real>
//     struct Rule {                                             // see elementwise_update.h
//       static constexpr int kStates = 1;
//       explicit Rule(const double* scalars) : rate(static_cast<Real>(scalars[0])) {}
//       void operator()(Real& parameter, Real gradient, Real& momentum) const;
//       Real rate;
//     };
//   };
//   using SignMomentumSubmission = ElementwiseSubmission<SignMomentum>;
//   TIMETRIAL_SUBMISSION(SignMomentumSubmission)
//
// kStateNames: a name for each state tensor of a parameter; they start at zero. The constructor reads the
// hyperparameters. scalars() writes the kScalars values that the rule reads in the step with 0-based number
// `step`, the count of updates applied before. Rule and scalars() are marked TIMETRIAL_HOST_DEVICE. The class
// does the rest: label_smoothing, dropout_rate and grad_clip (g <- g min(1, grad_clip / (|g| + 1e-6)), L2
// norm over all gradients, 0: off), gradients, states, the count of steps, save and load. A parameter without
// a gradient is left alone, states included. NaN and infinite gradients pass into states and parameters,
// where the harness finds them. On devices other than the CPU it refuses to start, unless the algorithm
// brings an update for them (below). An algorithm may declare
//   static constexpr bool kVoidsNonFiniteSteps = true;
// to have such a step leave every bit of parameters, states and count as it was, and
//   static constexpr StepDefaults kStepDefaults = {.label_smoothing = 0.2};
// to change what stands for a name that the point leaves out.

#include <iterator>
#include <optional>
#include <vector>

#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include "timetrial/elementwise_rule.h"
#include "timetrial/elementwise_update.h"
#include "timetrial/gradient_scan.h"
#include "timetrial/gradients.h"
#include "timetrial/step_options.h"
#include "timetrial/submission.h"

namespace timetrial {

template <typename Algorithm>
class ElementwiseSubmission : public Submission {
 public:
  static constexpr int kStates = static_cast<int>(std::size(Algorithm::kStateNames));
  static_assert(kStates == Algorithm::template Rule<float>::kStates, "a name for every state of the rule");

  void initialize(const Initialization& initialization) override {
    at::NoGradGuard no_grad;
    algorithm_.emplace(initialization);
    options_ = StepOptions::read(initialization.hyperparameters, defaults());
    states_.resize(kStates);
    for (const Parameter& parameter : initialization.parameters) {
      parameters_.push_back(parameter.tensor);
      for (auto& state : states_) state.push_back(at::zeros_like(parameter.tensor));
    }
    scalars_ = at::zeros({kAlgorithmScalars + Algorithm::kScalars},
                         at::TensorOptions().dtype(at::kDouble).device(initialization.device));
    if (initialization.device.is_cpu()) {
      update_.emplace(parameters_, states_);
    } else {
      require_path_for(initialization.device);
    }
  }

  void update(Step& step) override {
    take_gradients(step);
    at::NoGradGuard no_grad;
    const std::vector<at::Tensor> gradients = gradients_of(parameters_);
    if (update_) {
      apply(gradients);
    } else {
      update_elsewhere(gradients);
    }
  }

  void save(State& state) const override {
    for (std::size_t k = 0; k < states_.size(); ++k) state.put_list(Algorithm::kStateNames[k], states_[k]);
    state.put("steps", steps());
  }

  void load(const State& state) override {
    for (std::size_t k = 0; k < states_.size(); ++k) {
      state.get_list_into(Algorithm::kStateNames[k], states_[k]);
    }
    state.get_into("steps", steps());
  }

 protected:
  // Leaves the gradients of this step in the parameters. Algorithms that look at more than one point override
  // it.
  virtual void take_gradients(Step& step) { step.backward(options_.forward, options_.loss); }

  // Devices other than the CPU need a formulation in ATen operations: an algorithm that has one overrides
  // both. The first throws UserError for a device that has none.
  virtual void require_path_for(at::Device device) const { throw_no_elementwise_pass(device); }
  virtual void update_elsewhere(const std::vector<at::Tensor>& /*gradients*/) {}

  const Algorithm& algorithm() const { return *algorithm_; }
  const StepOptions& options() const { return options_; }
  const std::vector<at::Tensor>& parameters() const { return parameters_; }
  const std::vector<at::Tensor>& state(std::size_t k) const { return states_[k]; }
  // The updates applied so far, a 0-d view into the scalars.
  at::Tensor steps() const { return scalars_.select(0, kAppliedSteps); }

 private:
  static constexpr StepDefaults defaults() {
    if constexpr (requires { Algorithm::kStepDefaults; }) {
      return Algorithm::kStepDefaults;
    } else {
      return {};
    }
  }

  void apply(const std::vector<at::Tensor>& gradients) {
    if (options_.grad_clip > 0 || voids_non_finite_steps<Algorithm>()) {
      scan_gradients(update_->chunks(), gradients, scalars_);
    }
    prepare_step(*algorithm_, options_.grad_clip, scalars_.mutable_data_ptr<double>());
    update_->template apply<StepRule<Algorithm>::template Rule>(gradients, scalars_);
    count_step<Algorithm>(scalars_.mutable_data_ptr<double>());
  }

  std::optional<Algorithm> algorithm_;
  StepOptions options_;
  std::vector<at::Tensor> parameters_;
  std::vector<std::vector<at::Tensor>> states_;  // [state][parameter]
  at::Tensor scalars_;                           // see step_scalars.h
  std::optional<ElementwiseUpdate> update_;      // CPU only
};

}  // namespace timetrial
