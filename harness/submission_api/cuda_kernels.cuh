#pragma once

// The kernels of an elementwise submission. Its .cu file, which never sees LibTorch, is
//   #include "lion.h"
//   #include "timetrial/cuda_kernels.cuh"
//   TIMETRIAL_CUDA_ALGORITHM(timetrial::Lion)
// and for each further rule that the submission applies by itself
//   TIMETRIAL_CUDA_RULE(timetrial::Ascent)
// A pass is one launch for each kTensorsPerLaunch tensors, a block a chunk. Sums are taken in an order that
// does not depend on the device, so that a run repeats itself bit for bit.

#include <cmath>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "timetrial/cuda_pass.h"
#include "timetrial/step_scalars.h"

#if defined(__CUDACC__)
#include "timetrial/cuda_launch.cuh"
#endif

namespace timetrial::cuda {

#if defined(__CUDACC__)
inline constexpr int kThreads = 256;  // of a block
#else
inline constexpr int kThreads = 4;  // of the double that tests run on the CPU
#endif

// As many addresses as fit the 4 KiB of a kernel's parameters that every GPU has, beside the rest.
inline constexpr int kTensorsPerLaunch = 448;

struct GradientList {
  const void* of_tensor[kTensorsPerLaunch];
};

// 16 bytes, the widest load.
template <typename Real>
struct alignas(16) Vector {
  static constexpr int kLanes = static_cast<int>(16 / sizeof(Real));
  Real lane[kLanes];
};

template <typename Real>
__device__ bool is_aligned(const Real* address) {
  return reinterpret_cast<std::uintptr_t>(address) % sizeof(Vector<Real>) == 0;
}

// Where a chunk lies in each stream.
template <typename Real, int states>
struct Streams {
  Real* parameter;
  const Real* gradient;
  Real* state[states];

  __device__ Streams(const DeviceTensor& tensor, const void* gradient_begin, int64_t begin)
      : parameter(static_cast<Real*>(tensor.parameter) + begin),
        gradient(static_cast<const Real*>(gradient_begin) + begin) {
    for (int k = 0; k < states; ++k) state[k] = static_cast<Real*>(tensor.states[k]) + begin;
  }

  __device__ bool are_aligned() const {
    bool aligned = is_aligned(parameter) && is_aligned(gradient);
    for (int k = 0; k < states; ++k) aligned = aligned && is_aligned(state[k]);
    return aligned;
  }
};

// Calls visit(parameter, gradient, states...) for every element of the chunk, this thread's share of them.
// Elements are written back unless kReadOnlyParameter says that the visit changes no parameter.
template <bool kReadOnlyParameter, typename Real, int states, typename Visit, int... State>
__device__ void visit_chunk(const Streams<Real, states>& streams, int elements, const Visit& visit,
                            std::integer_sequence<int, State...> /*states*/) {
  int begin = static_cast<int>(threadIdx.x);
  if (streams.are_aligned()) {
    constexpr int kLanes = Vector<Real>::kLanes;
    const int vectors = elements / kLanes;
    for (int i = static_cast<int>(threadIdx.x); i < vectors; i += kThreads) {
      Vector<Real> parameter = reinterpret_cast<Vector<Real>*>(streams.parameter)[i];
      const Vector<Real> gradient = reinterpret_cast<const Vector<Real>*>(streams.gradient)[i];
      Vector<Real> state[states] = {reinterpret_cast<Vector<Real>*>(streams.state[State])[i]...};
      for (int lane = 0; lane < kLanes; ++lane) {
        visit(parameter.lane[lane], gradient.lane[lane], state[State].lane[lane]...);
      }
      ((reinterpret_cast<Vector<Real>*>(streams.state[State])[i] = state[State]), ...);
      if constexpr (!kReadOnlyParameter) reinterpret_cast<Vector<Real>*>(streams.parameter)[i] = parameter;
    }
    begin += vectors * kLanes;
  }
  for (int i = begin; i < elements; i += kThreads) {
    Real parameter = streams.parameter[i];
    visit(parameter, streams.gradient[i], streams.state[State][i]...);
    if constexpr (!kReadOnlyParameter) streams.parameter[i] = parameter;
  }
}

// The sums over the threads of a block, in thread 0.
template <int sums>
__device__ void add_up_block(double (&of_thread)[sums]) {
  __shared__ double of_threads[sums][kThreads];
  const int own = static_cast<int>(threadIdx.x);
  for (int k = 0; k < sums; ++k) of_threads[k][own] = of_thread[k];
  for (int half = kThreads / 2; half > 0; half /= 2) {
    __syncthreads();
    if (own >= half) continue;
    for (int k = 0; k < sums; ++k) of_threads[k][own] += of_threads[k][own + half];
  }
  for (int k = 0; k < sums; ++k) of_thread[k] = of_threads[k][own];
}

// --- The gradient scan: sum of squares and number of entries that are not finite.

// Calls visit(entry) for this thread's share of a chunk.
template <typename Real, typename Visit>
__device__ void visit_gradient(const Real* gradient, int elements, const Visit& visit) {
  int begin = static_cast<int>(threadIdx.x);
  if (is_aligned(gradient)) {
    constexpr int kLanes = Vector<Real>::kLanes;
    const int vectors = elements / kLanes;
    for (int i = static_cast<int>(threadIdx.x); i < vectors; i += kThreads) {
      const Vector<Real> entries = reinterpret_cast<const Vector<Real>*>(gradient)[i];
      for (int lane = 0; lane < kLanes; ++lane) visit(entries.lane[lane]);
    }
    begin += vectors * kLanes;
  }
  for (int i = begin; i < elements; i += kThreads) visit(gradient[i]);
}

template <typename Real>
__device__ void scan_own_elements(const Real* gradient, int elements, double (&found)[2]) {
  Real quick = 0;
  visit_gradient(gradient, elements, [&](Real entry) { quick += entry * entry; });
  found[0] = static_cast<double>(quick);
  found[1] = 0;
  if (quick - quick == 0) return;  // finite
  // Squares of floats always fit a double; zero times an entry that is not finite is not zero.
  found[0] = 0;
  visit_gradient(gradient, elements, [&](Real entry) {
    const auto value = static_cast<double>(entry);
    found[0] += value * value;
    if (!(value * 0.0 == 0.0)) found[1] += 1;
  });
}

template <typename = void>
__global__ void scan_chunks(Pass pass, int first_tensor, int first_chunk, GradientList gradients) {
  const int index = first_chunk + static_cast<int>(blockIdx.x);
  const DeviceChunk chunk = pass.chunks[index];
  const void* gradient = gradients.of_tensor[chunk.tensor - first_tensor];
  double found[2] = {};
  if (gradient != nullptr && pass.tensors[chunk.tensor].is_double) {
    scan_own_elements(static_cast<const double*>(gradient) + chunk.begin, chunk.elements, found);
  } else if (gradient != nullptr) {
    scan_own_elements(static_cast<const float*>(gradient) + chunk.begin, chunk.elements, found);
  }
  add_up_block(found);
  if (threadIdx.x == 0) {
    for (int k = 0; k < 2; ++k) pass.chunk_sums[index * kLargestSums + k] = found[k];
  }
}

// Of one block: the chunks' sums from `first` on.
template <int sums>
__device__ void add_up_chunks(const Pass& pass, int first, int chunks, double (&total)[sums]) {
  for (int i = static_cast<int>(threadIdx.x); i < chunks; i += kThreads) {
    for (int k = 0; k < sums; ++k) total[k] += pass.chunk_sums[(first + i) * kLargestSums + k];
  }
  add_up_block(total);
}

template <typename = void>
__global__ void finish_scan(Pass pass, int chunks, double* scalars) {
  double total[2] = {};
  add_up_chunks(pass, 0, chunks, total);
  if (threadIdx.x != 0) return;
  scalars[kSquaredNorm] = total[0];
  scalars[kFoundNonFinite] = total[1] != 0 ? 1.0 : 0.0;
}

// --- The scalars of a step, by one thread.

template <typename Algorithm>
__global__ void prepare_scalars(Algorithm algorithm, double grad_clip, double* scalars) {
  prepare_step(algorithm, grad_clip, scalars);
}

template <typename Algorithm>
__global__ void count_scalars(double* scalars) {
  count_step<Algorithm>(scalars);
}

// --- The rule.

// Every block measures its chunk; then a block a tensor adds up.
template <typename Rule, typename Real>
__device__ void measure_chunk(const Pass& pass, const DeviceChunk& chunk, int index, const void* gradient,
                              const double* scalars) {
  const DeviceTensor& tensor = pass.tensors[chunk.tensor];
  const Rule rule = make_rule<Rule>(scalars, tensor.group);
  if (is_skipped(rule)) return;
  double sums[Rule::kSums] = {};
  const Streams<Real, Rule::kStates> streams(tensor, gradient, chunk.begin);
  const auto visit = [&](Real parameter, Real entry, auto&... states) {
    Real terms[Rule::kSums];
    rule.measure(parameter, entry, states..., terms);
    for (int k = 0; k < Rule::kSums; ++k) sums[k] += static_cast<double>(terms[k]);
  };
  visit_chunk<true>(streams, chunk.elements, visit, std::make_integer_sequence<int, Rule::kStates>());
  add_up_block(sums);
  if (threadIdx.x != 0) return;
  for (int k = 0; k < Rule::kSums; ++k) pass.chunk_sums[index * kLargestSums + k] = sums[k];
}

template <template <typename> class Rule>
__global__ void measure_chunks(Pass pass, int first_tensor, int first_chunk, GradientList gradients,
                               const double* scalars) {
  const int index = first_chunk + static_cast<int>(blockIdx.x);
  const DeviceChunk chunk = pass.chunks[index];
  const void* gradient = gradients.of_tensor[chunk.tensor - first_tensor];
  if (gradient == nullptr) return;
  if (pass.tensors[chunk.tensor].is_double) {
    measure_chunk<Rule<double>, double>(pass, chunk, index, gradient, scalars);
  } else {
    measure_chunk<Rule<float>, float>(pass, chunk, index, gradient, scalars);
  }
}

template <int sums>
__global__ void add_up_tensors(Pass pass) {
  const DeviceTensor& tensor = pass.tensors[blockIdx.x];
  double total[sums] = {};
  add_up_chunks(pass, tensor.first_chunk, tensor.chunks, total);
  if (threadIdx.x != 0) return;
  for (int k = 0; k < sums; ++k) pass.tensor_sums[static_cast<int>(blockIdx.x) * kLargestSums + k] = total[k];
}

template <typename Rule, typename Real>
__device__ void update_chunk(const Pass& pass, const DeviceChunk& chunk, const void* gradient,
                             const double* scalars) {
  const DeviceTensor& tensor = pass.tensors[chunk.tensor];
  const Rule rule = make_rule<Rule>(scalars, tensor.group);
  if (is_skipped(rule)) return;
  const Streams<Real, Rule::kStates> streams(tensor, gradient, chunk.begin);
  constexpr auto kEachState = std::make_integer_sequence<int, Rule::kStates>();
  if constexpr (sums_of<Rule>() > 0) {
    const auto second =
        rule.for_tensor(pass.tensor_sums + chunk.tensor * kLargestSums, static_cast<double>(tensor.elements));
    visit_chunk<false>(streams, chunk.elements, second, kEachState);
  } else {
    visit_chunk<false>(streams, chunk.elements, rule, kEachState);
  }
}

template <template <typename> class Rule>
__global__ void update_chunks(Pass pass, int first_tensor, int first_chunk, GradientList gradients,
                              const double* scalars) {
  const DeviceChunk chunk = pass.chunks[first_chunk + static_cast<int>(blockIdx.x)];
  const void* gradient = gradients.of_tensor[chunk.tensor - first_tensor];
  if (gradient == nullptr) return;
  if (pass.tensors[chunk.tensor].is_double) {
    update_chunk<Rule<double>, double>(pass, chunk, gradient, scalars);
  } else {
    update_chunk<Rule<float>, float>(pass, chunk, gradient, scalars);
  }
}

// --- Launches.

// Calls launch_one(first tensor, first chunk, chunks, gradients) for as many tensors at a time as one launch
// takes.
template <typename LaunchOne>
void for_each_launch(const Pass& pass, const void* const* gradients, const LaunchOne& launch_one) {
  for (int first = 0; first < pass.tensor_count; first += kTensorsPerLaunch) {
    const int last =
        pass.tensor_count - first < kTensorsPerLaunch ? pass.tensor_count : first + kTensorsPerLaunch;
    GradientList list = {};
    for (int i = first; i < last; ++i) list.of_tensor[i - first] = gradients[i];
    const int chunks = pass.first_chunk[last] - pass.first_chunk[first];
    if (chunks > 0) launch_one(first, static_cast<int>(pass.first_chunk[first]), chunks, list);
  }
}

template <typename>
void scan(const Pass& pass, const void* const* gradients, double* scalars, void* stream) {
  use_device(pass.device);
  for_each_launch(pass, gradients, [&](int first, int first_chunk, int chunks, const GradientList& list) {
    launch(scan_chunks<>, chunks, kThreads, stream, pass, first, first_chunk, list);
  });
  launch(finish_scan<>, 1, kThreads, stream, pass, static_cast<int>(pass.first_chunk[pass.tensor_count]),
         scalars);
}

template <typename Algorithm>
void prepare(const Pass& pass, const Algorithm& algorithm, double grad_clip, double* scalars, void* stream) {
  static_assert(std::is_trivially_copyable_v<Algorithm>, "a kernel gets a copy of the algorithm");
  use_device(pass.device);
  launch(prepare_scalars<Algorithm>, 1, 1, stream, algorithm, grad_clip, scalars);
}

template <typename Algorithm>
void count(const Pass& pass, double* scalars, void* stream) {
  use_device(pass.device);
  launch(count_scalars<Algorithm>, 1, 1, stream, scalars);
}

template <template <typename> class Rule>
void apply(const Pass& pass, const void* const* gradients, const double* scalars, void* stream) {
  constexpr int kSums = sums_of<Rule<float>>();
  static_assert(Rule<float>::kStates <= kLargestStates && kSums <= kLargestSums);
  use_device(pass.device);
  if constexpr (kSums > 0) {
    for_each_launch(pass, gradients, [&](int first, int first_chunk, int chunks, const GradientList& list) {
      launch(measure_chunks<Rule>, chunks, kThreads, stream, pass, first, first_chunk, list, scalars);
    });
    if (pass.tensor_count > 0) launch(add_up_tensors<kSums>, pass.tensor_count, kThreads, stream, pass);
  }
  for_each_launch(pass, gradients, [&](int first, int first_chunk, int chunks, const GradientList& list) {
    launch(update_chunks<Rule>, chunks, kThreads, stream, pass, first, first_chunk, list, scalars);
  });
}

}  // namespace timetrial::cuda

#define TIMETRIAL_CUDA_RULE(RuleTemplate)                                                              \
  template void timetrial::cuda::apply<RuleTemplate>(const timetrial::cuda::Pass&, const void* const*, \
                                                     const double*, void*);

#define TIMETRIAL_CUDA_ALGORITHM(Algorithm)                                                                 \
  template void timetrial::cuda::scan<void>(const timetrial::cuda::Pass&, const void* const*, double*,      \
                                            void*);                                                         \
  template void timetrial::cuda::prepare<Algorithm>(const timetrial::cuda::Pass&, const Algorithm&, double, \
                                                    double*, void*);                                        \
  template void timetrial::cuda::count<Algorithm>(const timetrial::cuda::Pass&, double*, void*);            \
  TIMETRIAL_CUDA_RULE(timetrial::StepRule<Algorithm>::template Rule)
