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
// (timetrial_add_submission does it).

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

#include "timetrial/chunk_list.h"

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
      prefetch_ahead(gradient + line);
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

}  // namespace elementwise

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
    const std::vector<void*> streams = prepare_streams(gradients, Rule<float>::kStates);
    const Rule<float> float_rule(values);
    const Rule<double> double_rule(values);
    const auto states = std::make_index_sequence<static_cast<std::size_t>(Rule<float>::kStates)>();
    chunks_.for_each([&](const Chunk& chunk) {
      void* const* of_tensor = streams.data() + chunk.tensor * (2 + states.size());
      if (of_tensor[1] == nullptr) return;
      if (chunk.is_double) {
        run_chunk<double>(double_rule, chunk, of_tensor, states);
      } else {
        run_chunk<float>(float_rule, chunk, of_tensor, states);
      }
    });
  }

 private:
  // Storage addresses [tensor][parameter, gradient, states...]; a null gradient where it is undefined. Tells
  // autograd that the parameters change.
  std::vector<void*> prepare_streams(const std::vector<at::Tensor>& gradients, int states_of_rule) const;

  template <typename Real, typename Rule, std::size_t... State>
  static void run_chunk(const Rule& rule, const Chunk& chunk, void* const* streams,
                        std::index_sequence<State...> /*states*/) {
    elementwise::run_rule(rule, chunk.elements, static_cast<Real*>(streams[0]) + chunk.begin,
                          static_cast<const Real*>(streams[1]) + chunk.begin,
                          (static_cast<Real*>(streams[2 + State]) + chunk.begin)...);
  }

  std::vector<at::Tensor> parameters_;
  std::vector<std::vector<at::Tensor>> states_;
  ChunkList chunks_;
};

}  // namespace timetrial
