#pragma once

// What a pass over parameters (elementwise_update.h) asks of a rule beyond the operator() for one element.
// Free of LibTorch, so that a device compiler can take a rule as it is.
//
// Some rules need sums over a whole tensor before they can update it: LAMB the norms of parameter and update,
// a cautious rule the number of unmasked elements. Such a rule makes two passes and has, besides kStates,
//   static constexpr int kSums = 2;
//   // First pass: may update states, and tells this element's terms of the sums.
//   void measure(Real parameter, Real gradient, Real& state..., Real (&terms)[kSums]) const;
//   // The rule of the second pass, given the sums (float64) over the tensor's `elements` elements.
//   Second for_tensor(const double* sums, double elements) const;
// in place of operator(). The second rule sees the states as the first pass left them. Streams that a pass
// has no use for need not be moved; the first rule then says, of the parameter,
//   static constexpr bool kMeasuresParameter = false;
// and the second, or any rule of one pass, of the gradient,
//   static constexpr bool kReadsGradient = false;

#include <type_traits>

#include "timetrial/host_device.h"
#include "timetrial/step_scalars.h"

namespace timetrial {

template <typename Rule>
TIMETRIAL_HOST_DEVICE constexpr int sums_of() {
  if constexpr (requires { Rule::kSums; }) {
    return Rule::kSums;
  } else {
    return 0;
  }
}

template <typename Rule>
TIMETRIAL_HOST_DEVICE constexpr bool reads_gradient() {
  if constexpr (requires { Rule::kReadsGradient; }) {
    return Rule::kReadsGradient;
  } else {
    return true;
  }
}

template <typename Rule>
TIMETRIAL_HOST_DEVICE constexpr bool measures_parameter() {
  if constexpr (requires { Rule::kMeasuresParameter; }) {
    return Rule::kMeasuresParameter;
  } else {
    return true;
  }
}

// A rule on gradients times a factor.
template <typename Rule, typename Real>
class ClippedRule {
 public:
  static constexpr int kStates = Rule::kStates;
  static constexpr int kSums = sums_of<Rule>();
  static constexpr bool kReadsGradient = reads_gradient<Rule>();
  static constexpr bool kMeasuresParameter = measures_parameter<Rule>();

  TIMETRIAL_HOST_DEVICE ClippedRule(const Rule& rule, Real factor) : rule_(rule), factor_(factor) {}

  template <typename... States>
  TIMETRIAL_HOST_DEVICE void operator()(Real& parameter, Real gradient, States&... states) const {
    rule_(parameter, gradient * factor_, states...);
  }

  // The last of `states` are the terms.
  template <typename... StatesAndTerms>
  TIMETRIAL_HOST_DEVICE void measure(Real parameter, Real gradient, StatesAndTerms&... states) const {
    rule_.measure(parameter, gradient * factor_, states...);
  }

  TIMETRIAL_HOST_DEVICE auto for_tensor(const double* sums, double elements) const {
    const auto second = rule_.for_tensor(sums, elements);
    return ClippedRule<decltype(rule_.for_tensor(sums, elements)), Real>(second, factor_);
  }

 private:
  Rule rule_;
  Real factor_;
};

// Whether a rule says that every tensor stays as it is.
template <typename Rule>
TIMETRIAL_HOST_DEVICE bool is_skipped(const Rule& rule) {
  if constexpr (requires { rule.skip(); }) {
    return rule.skip();
  } else {
    return false;
  }
}

// A rule for the parameters of a group: one that knows of groups is told which, any other is the same for
// all.
template <typename Rule>
TIMETRIAL_HOST_DEVICE Rule make_rule(const double* scalars, int group) {
  if constexpr (std::is_constructible_v<Rule, const double*, int>) {
    return Rule(scalars, group);
  } else {
    return Rule(scalars);
  }
}

// The rule of an algorithm as a step runs it: on clipped gradients, and not at all in a void step. Takes the
// scalars of the whole step (step_scalars.h).
template <typename Algorithm>
struct StepRule {
  template <typename Real>
  class Rule : public ClippedRule<typename Algorithm::template Rule<Real>, Real> {
   public:
    TIMETRIAL_HOST_DEVICE Rule(const double* scalars, int group)
        : ClippedRule<typename Algorithm::template Rule<Real>, Real>(
              typename Algorithm::template Rule<Real>(scalars + first_scalar<Algorithm>(group)),
              static_cast<Real>(scalars[kClipFactor])),
          is_void_(is_void_step<Algorithm>(scalars)) {}

    // Old values are kept by not running; a mask times NaN would still be NaN.
    TIMETRIAL_HOST_DEVICE bool skip() const { return is_void_; }

   private:
    bool is_void_;
  };
};

}  // namespace timetrial
