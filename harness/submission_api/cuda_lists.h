#pragma once

// The tables that the kernels of an elementwise pass work on (cuda_pass.h), in the memory of the parameters'
// device.

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

#include "timetrial/chunk_list.h"
#include "timetrial/cuda_pass.h"

namespace timetrial {

class CudaLists {
 public:
  // states[k][i] and groups[i] belong to parameter i; chunks: of the parameters. Copies the tables to the
  // device and waits for it, once. Throws UserError for more states than the kernels take.
  CudaLists(const ChunkList& chunks, const std::vector<at::Tensor>& parameters,
            const std::vector<std::vector<at::Tensor>>& states, const std::vector<int>& groups);

  // Valid as long as this object and the tensors. Its tables lie wherever the parameters do.
  const cuda::Pass& pass() const { return pass_; }

  // LibTorch's current stream of the device, a cudaStream_t.
  void* stream() const;

 private:
  at::Device device_;
  std::vector<int32_t> first_chunk_;
  at::Tensor tensors_, chunks_;  // bytes
  at::Tensor chunk_sums_, tensor_sums_;
  cuda::Pass pass_;
};

}  // namespace timetrial
