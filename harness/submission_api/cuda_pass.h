#pragma once

// An elementwise pass on an NVIDIA GPU: what the host side of a submission (cuda_lists.h) and its kernels
// (cuda_kernels.cuh) share. Free of LibTorch and of CUDA's headers. Everything here is put on a stream and
// returns at once; nothing is read back. All pointers are to device memory unless said otherwise. The
// functions throw std::runtime_error when a kernel cannot be launched.

#include <cstdint>

#include "timetrial/elementwise_rule.h"

namespace timetrial::cuda {

inline constexpr int kLargestStates = 4;  // that a rule may have
inline constexpr int kLargestSums = 4;    // the same

struct DeviceTensor {
  void* parameter = nullptr;
  void* states[kLargestStates] = {};
  int64_t elements = 0;
  int32_t first_chunk = 0;
  int32_t chunks = 0;
  int32_t group = 0;  // of parameters (step_scalars.h)
  bool is_double = false;
};

struct DeviceChunk {
  int64_t begin = 0;
  int32_t elements = 0;
  int32_t tensor = 0;
};

// What stays the same from step to step.
struct Pass {
  int device = 0;
  int tensor_count = 0;
  const int32_t* first_chunk = nullptr;  // host memory, [tensor_count + 1]
  const DeviceTensor* tensors = nullptr;
  const DeviceChunk* chunks = nullptr;
  double* chunk_sums = nullptr;   // [chunks][kLargestSums], scratch
  double* tensor_sums = nullptr;  // [tensor_count][kLargestSums], scratch
};

// gradients: [tensor_count] in host memory, of device addresses; null where there is none. stream: a
// cudaStream_t.

// Elements kSquaredNorm and kFoundNonFinite of `scalars` (step_scalars.h), as gradient_scan.h does it on the
// CPU.
template <typename = void>
void scan(const Pass& pass, const void* const* gradients, double* scalars, void* stream);

// prepare_step and count_step of step_scalars.h. The algorithm is copied.
template <typename Algorithm>
void prepare(const Pass& pass, const Algorithm& algorithm, double grad_clip, double* scalars, void* stream);
template <typename Algorithm>
void count(const Pass& pass, double* scalars, void* stream);

// The rule on every tensor that has a gradient.
template <template <typename> class Rule>
void apply(const Pass& pass, const void* const* gradients, const double* scalars, void* stream);

}  // namespace timetrial::cuda
