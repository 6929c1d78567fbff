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
// norm over all gradients, 0: off), gradients, states, the count of steps, save and load. An algorithm with a
// member weight_decay also understands decay_norms_and_biases (true; parameter_groups.h). A parameter without
// a gradient is left alone, states included. NaN and infinite gradients pass into states and parameters,
// where the harness finds them. An algorithm may declare
//   static constexpr bool kVoidsNonFiniteSteps = true;
// to have such a step leave every bit of parameters, states and count as it was, and
//   static constexpr StepDefaults kStepDefaults = {.label_smoothing = 0.2};
// to change what stands for a name that the point leaves out. States of the rule beyond those that have a
// name come after them, are scratch within one step and are not saved.
//
// On a GPU the step is a handful of kernels, built from a .cu file of three lines (cuda_kernels.cuh); without
// them the submission refuses to start there. Nothing in a step waits for the device or depends on values
// that it has not read from it, so that the step can be captured in a graph.

#include <iterator>
#include <optional>
#include <vector>

#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include "timetrial/elementwise_rule.h"
#include "timetrial/elementwise_update.h"
#include "timetrial/gradients.h"
#include "timetrial/parameter_groups.h"
#include "timetrial/step_options.h"
#include "timetrial/submission.h"

namespace timetrial {

template <typename Algorithm>
class ElementwiseSubmission : public Submission {
 public:
  static constexpr std::size_t kNamedStates = std::size(Algorithm::kStateNames);
  static constexpr std::size_t kStates = Algorithm::template Rule<float>::kStates;
  static_assert(kNamedStates <= kStates, "more names than the rule has states");

  void initialize(const Initialization& initialization) override {
    at::NoGradGuard no_grad;
    algorithm_.emplace(initialization);
    options_ = StepOptions::read(initialization.hyperparameters, defaults());
    states_.resize(kStates);
    for (const Parameter& parameter : initialization.parameters) {
      parameters_.push_back(parameter.tensor);
      for (auto& state : states_) state.push_back(at::zeros_like(parameter.tensor));
    }
    scalars_ = at::zeros({scalars_of_step<Algorithm>()},
                         at::TensorOptions().dtype(at::kDouble).device(initialization.device));
    update_.emplace(parameters_, states_, groups_of(initialization));
  }

  void update(Step& step) override {
    take_gradients(step);
    at::NoGradGuard no_grad;
    const std::vector<at::Tensor> gradients = gradients_of(parameters_);
    if (options_.grad_clip > 0 || voids_non_finite_steps<Algorithm>()) update_->scan(gradients, scalars_);
    update_->prepare(*algorithm_, options_.grad_clip, scalars_);
    update_->template apply<StepRule<Algorithm>::template Rule>(gradients, scalars_);
    update_->template count<Algorithm>(scalars_);
  }

  bool capturable() const override { return true; }

  void save(State& state) const override {
    for (std::size_t k = 0; k < kNamedStates; ++k) state.put_list(Algorithm::kStateNames[k], states_[k]);
    state.put("steps", steps());
  }

  void load(const State& state) override {
    for (std::size_t k = 0; k < kNamedStates; ++k) {
      state.get_list_into(Algorithm::kStateNames[k], states_[k]);
    }
    state.get_into("steps", steps());
  }

 protected:
  // Leaves the gradients of this step in the parameters. Algorithms that look at more than one point override
  // it.
  virtual void take_gradients(Step& step) { step.backward(options_.forward, options_.loss); }

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

  std::vector<int> groups_of(const Initialization& initialization) const {
    bool decay_all = true;
    if constexpr (requires(const Algorithm& algorithm) { algorithm.weight_decay; }) {
      decay_all = initialization.hyperparameters.flag_or("decay_norms_and_biases", true);
    }
    return parameter_groups(initialization.parameters, decay_all);
  }

  std::optional<Algorithm> algorithm_;
  StepOptions options_;
  std::vector<at::Tensor> parameters_;
  std::vector<std::vector<at::Tensor>> states_;  // [state][parameter]
  at::Tensor scalars_;                           // see step_scalars.h
  std::optional<ElementwiseUpdate> update_;
};

}  // namespace timetrial
