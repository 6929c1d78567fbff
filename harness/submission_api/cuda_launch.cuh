#pragma once

// Launches a kernel and tells when that fails.

#include <stdexcept>
#include <string>

#include <cuda_runtime.h>

namespace timetrial::cuda {

inline void require(cudaError_t result, const char* what) {
  if (result != cudaSuccess) throw std::runtime_error(std::string(what) + ": " + cudaGetErrorString(result));
}

// The submission has a CUDA runtime of its own, which must work on LibTorch's device.
inline void use_device(int device) {
  require(cudaSetDevice(device), "choosing the GPU of the optimizer");
}

template <typename... Parameters>
void launch(void (*kernel)(Parameters...), int blocks, int threads, void* stream, Parameters... arguments) {
  kernel<<<static_cast<unsigned>(blocks), static_cast<unsigned>(threads), 0,
           static_cast<cudaStream_t>(stream)>>>(arguments...);
  require(cudaGetLastError(), "launching a kernel of the optimizer");
}

}  // namespace timetrial::cuda
