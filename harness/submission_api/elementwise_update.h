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
// (timetrial_add_submission does it). Rules that need sums over each tensor first: elementwise_rule.h. On a
// GPU the same rule is a kernel, if the submission was built with its .cu file (cuda_kernels.cuh).

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

#include "timetrial/chunk_list.h"
#include "timetrial/cuda_lists.h"
#include "timetrial/elementwise_cpu.h"
#include "timetrial/elementwise_rule.h"
#include "timetrial/gradient_scan.h"

namespace timetrial {

// Whether the file that includes this belongs to a submission with kernels (timetrial_add_submission says
// so).
#if defined(TIMETRIAL_SUBMISSION_HAS_KERNELS)
inline constexpr bool kHasKernels = true;
#else
inline constexpr bool kHasKernels = false;
#endif

// Throws the UserError of a submission that is asked to run where there is no elementwise pass.
[[noreturn]] void throw_no_elementwise_pass(at::Device device);

class ElementwiseUpdate {
 public:
  // states[k][i]: the k-th state tensor of parameter i, of its shape, dtype and memory order. All are float
  // or double on one device and are updated in place; several dtypes may be mixed. groups[i]: the group of
  // parameter i, told to rules that know of groups (make_rule); empty: all are 0. Throws UserError otherwise,
  // and for a device that has no pass.
  ElementwiseUpdate(std::vector<at::Tensor> parameters, std::vector<std::vector<at::Tensor>> states,
                    std::vector<int> groups = {})
      : ElementwiseUpdate(std::move(parameters), std::move(states), std::move(groups), kHasKernels) {}

  // gradients[i] belongs to parameter i, in its memory order (gradients_of gives them so); undefined entries
  // are absent. scalars: float64 on the parameters' device. Nothing waits for a GPU.

  // Writes the results of a gradient scan (gradient_scan.h) into the scalars.
  void scan(const std::vector<at::Tensor>& gradients, const at::Tensor& scalars) const {
    if (!cuda_) {
      scan_gradients(chunks_, gradients, scalars);
    } else if constexpr (kHasKernels) {
      cuda::scan(cuda_->pass(), addresses_of(gradients).data(), scalars.mutable_data_ptr<double>(),
                 cuda_->stream());
    }
  }

  // prepare_step and count_step (step_scalars.h) where the scalars are.
  template <typename Algorithm>
  void prepare(const Algorithm& algorithm, double grad_clip, const at::Tensor& scalars) const {
    auto* values = scalars.mutable_data_ptr<double>();
    if (!cuda_) {
      prepare_step(algorithm, grad_clip, values);
    } else if constexpr (kHasKernels) {
      cuda::prepare(cuda_->pass(), algorithm, grad_clip, values, cuda_->stream());
    }
  }

  template <typename Algorithm>
  void count(const at::Tensor& scalars) const {
    auto* values = scalars.mutable_data_ptr<double>();
    if (!cuda_) {
      count_step<Algorithm>(values);
    } else if constexpr (kHasKernels) {
      cuda::count<Algorithm>(cuda_->pass(), values, cuda_->stream());
    }
  }

  // One update by the rule, which is handed the scalars. Parameters whose gradient is absent are left
  // untouched, and so are their states. Throws UserError when a gradient does not fit.
  template <template <typename> class Rule>
  void apply(const std::vector<at::Tensor>& gradients, const at::Tensor& scalars) const {
    check_gradients(gradients, Rule<float>::kStates);
    if (!cuda_) {
      run<Rule>(streams_of(gradients), scalars.const_data_ptr<double>());
    } else if constexpr (kHasKernels) {
      cuda::apply<Rule>(cuda_->pass(), addresses_of(gradients).data(), scalars.const_data_ptr<double>(),
                        cuda_->stream());
    }
    tell_autograd(gradients);
  }

  // The same for a rule that reads no gradients, on all parameters.
  template <template <typename> class Rule>
  void apply(const at::Tensor& scalars) const {
    static_assert(!reads_gradient<Rule<float>>());
    apply<Rule>(parameters_, scalars);
  }

 private:
  // The streams of a rule with sums are read twice. So many bytes of parameters at a time stay in the cache
  // between the two, whatever else the processor has; a fraction of the second-level cache of two cores.
  static constexpr int64_t kBytesBetweenPasses = 512 * 1024;

  ElementwiseUpdate(std::vector<at::Tensor> parameters, std::vector<std::vector<at::Tensor>> states,
                    std::vector<int> groups, bool has_kernels);

  // One rule for each group, in both precisions.
  template <template <typename> class Rule>
  class Rules {
   public:
    explicit Rules(const double* scalars)
        : floats_{make_rule<Rule<float>>(scalars, kDecayed), make_rule<Rule<float>>(scalars, kUndecayed)},
          doubles_{make_rule<Rule<double>>(scalars, kDecayed), make_rule<Rule<double>>(scalars, kUndecayed)} {
    }

    bool skip() const { return is_skipped(floats_[kDecayed]); }

    template <typename Real>
    const Rule<Real>& of_group(int group) const {
      if constexpr (std::is_same_v<Real, double>) {
        return doubles_[group];
      } else {
        return floats_[group];
      }
    }

   private:
    Rule<float> floats_[kParameterGroups];
    Rule<double> doubles_[kParameterGroups];
  };

  template <template <typename> class Rule>
  void run(const std::vector<void*>& streams, const double* scalars) const {
    constexpr int kSums = sums_of<Rule<float>>();
    const Rules<Rule> rules(scalars);
    if (rules.skip()) return;
    if constexpr (kSums == 0) {
      for_each_chunk<Rule<float>::kStates>(
          chunks_.all(), streams, [&]<typename Real>(const Chunk& chunk, Real* parameter, auto*... data) {
            elementwise::run_rule(rules.template of_group<Real>(groups_[chunk.tensor]), chunk.elements,
                                  parameter, data...);
          });
    } else {
      run_twice<Rule>(streams, rules);
    }
  }

  // The sums do not depend on the number of threads.
  template <template <typename> class Rule>
  void run_twice(const std::vector<void*>& streams, const Rules<Rule>& rules) const {
    constexpr int kSums = Rule<float>::kSums;
    std::vector<double> of_chunks(chunks_.size() * kSums);
    std::vector<double> of_tensors(parameters_.size() * kSums);
    for (const ChunkRange& range : ranges_) {
      for_each_chunk<Rule<float>::kStates>(
          range, streams, [&]<typename Real>(const Chunk& chunk, Real* parameter, auto*... data) {
            elementwise::measure(rules.template of_group<Real>(groups_[chunk.tensor]), chunk.elements,
                                 of_chunks.data() + chunk.index * kSums, parameter, data...);
          });
      chunks_.sum_over_tensors(range, kSums, of_chunks, of_tensors);
      for_each_chunk<Rule<float>::kStates>(
          range, streams, [&]<typename Real>(const Chunk& chunk, Real* parameter, auto*... data) {
            const auto second = rules.template of_group<Real>(groups_[chunk.tensor])
                                    .for_tensor(of_tensors.data() + chunk.tensor * kSums,
                                                static_cast<double>(parameters_[chunk.tensor].numel()));
            elementwise::run_rule(second, chunk.elements, parameter, data...);
          });
    }
  }

  // Calls work(chunk, parameter, gradient, states...) with where the chunk begins in each stream, for every
  // chunk that has a gradient.
  template <int states, typename Work>
  void for_each_chunk(const ChunkRange& range, const std::vector<void*>& streams, const Work& work) const {
    const auto call = [&]<typename Real, std::size_t... State>(const Chunk& chunk, Real* /*type*/,
                                                               std::index_sequence<State...> /*states*/) {
      void* const* of_tensor = streams.data() + chunk.tensor * (2 + states);
      if (of_tensor[1] == nullptr) return;
      work(chunk, static_cast<Real*>(of_tensor[0]) + chunk.begin,
           static_cast<const Real*>(of_tensor[1]) + chunk.begin,
           (static_cast<Real*>(of_tensor[2 + State]) + chunk.begin)...);
    };
    constexpr auto kEachState = std::make_index_sequence<static_cast<std::size_t>(states)>();
    chunks_.for_each(range, [&](const Chunk& chunk) {
      if (chunk.is_double) {
        call(chunk, static_cast<double*>(nullptr), kEachState);
      } else {
        call(chunk, static_cast<float*>(nullptr), kEachState);
      }
    });
  }

  void check_gradients(const std::vector<at::Tensor>& gradients, int states_of_rule) const;
  // Null where the gradient is undefined.
  static std::vector<const void*> addresses_of(const std::vector<at::Tensor>& gradients);
  // [tensor][parameter, gradient, states...]
  std::vector<void*> streams_of(const std::vector<at::Tensor>& gradients) const;
  // That parameters with a gradient have changed.
  void tell_autograd(const std::vector<at::Tensor>& gradients) const;

  std::vector<at::Tensor> parameters_;
  std::vector<std::vector<at::Tensor>> states_;
  std::vector<int> groups_;
  ChunkList chunks_;
  std::vector<ChunkRange> ranges_;  // of chunks that are passed over twice while they are in the cache
  std::optional<CudaLists> cuda_;   // not on the CPU
};

}  // namespace timetrial
