#pragma once

// Fused elementwise optimizer updates: the rule for one element is written once, on scalars, and runs as a
// single vectorised, multi-threaded pass over all parameters. Memory-bound: every stream is read once and
// written once.
//
//   template <typename Real>
//   struct MomentumRule {
//     static constexpr int kStates = 1;                         // state tensors per parameter
//     explicit MomentumRule(const double* scalars)              // values of this step, from the device
//     tensor
//         : learning_rate(static_cast<Real>(scalars[0])) {}
//     void operator()(Real& parameter, Real gradient, Real& momentum) const {
//       momentum = Real(0.9) * momentum + gradient;
//       parameter -= learning_rate * momentum;
//     }
//     Real learning_rate;
//   };
//   update.apply<MomentumRule>(gradients_of(parameters), scalars);
//
// A rule may add  bool skip() const : true leaves every tensor untouched, bit for bit. Rules hold no branches
// on elements, call nothing but arithmetic and std::sqrt, and thereby vectorise in a file compiled with -O3
// (timetrial_add_submission does it). Rules that need sums over each tensor first: elementwise_rule.h.

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

#include "timetrial/chunk_list.h"
#include "timetrial/elementwise_rule.h"

namespace timetrial {

namespace elementwise {

// Reads this far ahead by hand: closes the last tenth to the speed of a plain pass over the same memory.
inline constexpr std::uintptr_t kPrefetchBytes = 1024;
inline constexpr int64_t kLineBytes = 64;
inline constexpr int64_t kLinesPerBlock = 4;

// Never faults, so it may run past the end of a tensor.
template <typename Real>
inline void prefetch_ahead(const Real* position) {
  const auto address = reinterpret_cast<std::uintptr_t>(position) + kPrefetchBytes;
  __builtin_prefetch(reinterpret_cast<const void*>(address));
}

// Runs the rule over `count` elements of streams that do not overlap. The rule comes by value: its scalars
// then stay in registers, as no store to a stream can change them.
template <typename Rule, typename Real, typename... States>
void run_rule(const Rule rule, int64_t count, Real* __restrict parameter, const Real* __restrict gradient,
              States* __restrict... states) {
  constexpr int64_t kLine = kLineBytes / static_cast<int64_t>(sizeof(Real));
  constexpr int64_t kBlock = kLine * kLinesPerBlock;
  int64_t i = 0;
  for (; i + kBlock <= count; i += kBlock) {
    for (int64_t line = i; line < i + kBlock; line += kLine) {
      prefetch_ahead(parameter + line);
      if constexpr (reads_gradient<Rule>()) prefetch_ahead(gradient + line);
      (prefetch_ahead(states + line), ...);
    }
#if defined(__clang__)
#pragma clang loop vectorize(assume_safety)
#else
#pragma GCC ivdep
#endif
    for (int64_t j = i; j < i + kBlock; ++j) rule(parameter[j], gradient[j], states[j]...);
  }
  for (; i < count; ++i) rule(parameter[i], gradient[i], states[i]...);
}

// The first pass of a rule with sums over `count` elements. sums: [kSums], written. Each sum is taken in
// lanes of the rule's precision, a few hundred terms long, and across lanes in float64.
template <typename Rule, typename Real, typename... States>
void measure(const Rule rule, int64_t count, double* sums, const Real* __restrict parameter,
             const Real* __restrict gradient, States* __restrict... states) {
  constexpr int64_t kLine = kLineBytes / static_cast<int64_t>(sizeof(Real));
  constexpr int64_t kBlock = kLine * kLinesPerBlock;
  Real lanes[Rule::kSums][kBlock] = {};
  int64_t i = 0;
  for (; i + kBlock <= count; i += kBlock) {
    for (int64_t line = i; line < i + kBlock; line += kLine) {
      if constexpr (measures_parameter<Rule>()) prefetch_ahead(parameter + line);
      prefetch_ahead(gradient + line);
      (prefetch_ahead(states + line), ...);
    }
#if defined(__clang__)
#pragma clang loop vectorize(assume_safety)
#else
#pragma GCC ivdep
#endif
    for (int64_t j = 0; j < kBlock; ++j) {
      Real terms[Rule::kSums];
      rule.measure(parameter[i + j], gradient[i + j], states[i + j]..., terms);
      for (int sum = 0; sum < Rule::kSums; ++sum) lanes[sum][j] += terms[sum];
    }
  }
  for (int sum = 0; sum < Rule::kSums; ++sum) {
    sums[sum] = 0;
    for (const Real lane : lanes[sum]) sums[sum] += static_cast<double>(lane);
  }
  for (; i < count; ++i) {
    Real terms[Rule::kSums];
    rule.measure(parameter[i], gradient[i], states[i]..., terms);
    for (int sum = 0; sum < Rule::kSums; ++sum) sums[sum] += static_cast<double>(terms[sum]);
  }
}

}  // namespace elementwise

// Throws the UserError of a submission that is asked to run where there is no elementwise pass.
[[noreturn]] void throw_no_elementwise_pass(at::Device device);

class ElementwiseUpdate {
 public:
  // states[k][i]: the k-th state tensor of parameter i, of its shape, dtype and memory order. All are float
  // or double on the CPU and are updated in place; several dtypes may be mixed. Throws UserError otherwise.
  ElementwiseUpdate(std::vector<at::Tensor> parameters, std::vector<std::vector<at::Tensor>> states);

  const ChunkList& chunks() const { return chunks_; }

  // One update. gradients[i] belongs to parameter i, in its memory order (gradients_of gives them so);
  // undefined entries leave their parameter and states untouched. scalars: float64 on the CPU, handed to the
  // rule. Throws UserError when a gradient does not fit.
  template <template <typename> class Rule>
  void apply(const std::vector<at::Tensor>& gradients, const at::Tensor& scalars) const {
    const auto* values = scalars.const_data_ptr<double>();
    if constexpr (requires(const Rule<float>& rule) { rule.skip(); }) {
      if (Rule<float>(values).skip()) return;
    }
    run<Rule>(prepare_streams(gradients, Rule<float>::kStates), values);
  }

  // The same for a rule that reads no gradients, on all parameters.
  template <template <typename> class Rule>
  void apply(const at::Tensor& scalars) const {
    static_assert(!reads_gradient<Rule<float>>());
    run<Rule>(prepare_streams(parameters_, Rule<float>::kStates), scalars.const_data_ptr<double>());
  }

 private:
  template <template <typename> class Rule>
  void run(const std::vector<void*>& streams, const double* values) const {
    const Rule<float> float_rule(values);
    const Rule<double> double_rule(values);
    const std::vector<double> sums = measure(streams, float_rule, double_rule);
    for_each_chunk(streams, float_rule, double_rule,
                   [&](const auto& rule, const Chunk& chunk, auto*... data) {
                     constexpr int kSums = sums_of<Rule<float>>();
                     if constexpr (kSums > 0) {
                       const auto elements = static_cast<double>(parameters_[chunk.tensor].numel());
                       const auto second = rule.for_tensor(sums.data() + chunk.tensor * kSums, elements);
                       elementwise::run_rule(second, chunk.elements, data...);
                     } else {
                       elementwise::run_rule(rule, chunk.elements, data...);
                     }
                   });
  }

  // Storage addresses [tensor][parameter, gradient, states...]; a null gradient where it is undefined. Tells
  // autograd that the parameters change.
  std::vector<void*> prepare_streams(const std::vector<at::Tensor>& gradients, int states_of_rule) const;

  // [tensor][sum], empty for a rule without sums. The sums do not depend on the number of threads.
  template <typename FloatRule, typename DoubleRule>
  std::vector<double> measure(const std::vector<void*>& streams, const FloatRule& float_rule,
                              const DoubleRule& double_rule) const {
    constexpr int kSums = sums_of<FloatRule>();
    if constexpr (kSums == 0) {
      return {};
    } else {
      std::vector<double> of_chunks(chunks_.size() * kSums);
      for_each_chunk(
          streams, float_rule, double_rule, [&](const auto& rule, const Chunk& chunk, auto*... data) {
            elementwise::measure(rule, chunk.elements, of_chunks.data() + chunk.index * kSums, data...);
          });
      return chunks_.sums_of_tensors(of_chunks, parameters_.size(), kSums);
    }
  }

  // Calls work(rule, chunk, parameter, gradient, states...) with the rule of the chunk's precision and where
  // the chunk begins in each stream, for every chunk that has a gradient.
  template <typename FloatRule, typename DoubleRule, typename Work>
  void for_each_chunk(const std::vector<void*>& streams, const FloatRule& float_rule,
                      const DoubleRule& double_rule, const Work& work) const {
    constexpr auto kStates = static_cast<std::size_t>(FloatRule::kStates);
    const auto call = [&]<typename Real, std::size_t... State>(const auto& rule, const Chunk& chunk,
                                                               Real* /*type*/,
                                                               std::index_sequence<State...> /*states*/) {
      void* const* of_tensor = streams.data() + chunk.tensor * (2 + kStates);
      if (of_tensor[1] == nullptr) return;
      work(rule, chunk, static_cast<Real*>(of_tensor[0]) + chunk.begin,
           static_cast<const Real*>(of_tensor[1]) + chunk.begin,
           (static_cast<Real*>(of_tensor[2 + State]) + chunk.begin)...);
    };
    constexpr auto kEachState = std::make_index_sequence<kStates>();
    chunks_.for_each([&](const Chunk& chunk) {
      if (chunk.is_double) {
        call(double_rule, chunk, static_cast<double*>(nullptr), kEachState);
      } else {
        call(float_rule, chunk, static_cast<float*>(nullptr), kEachState);
      }
    });
  }

  std::vector<at::Tensor> parameters_;
  std::vector<std::vector<at::Tensor>> states_;
  ChunkList chunks_;
};

}  // namespace timetrial
