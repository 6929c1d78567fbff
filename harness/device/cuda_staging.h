#pragma once

// Host tensors on their way to a CUDA device: over the bus into one of two places there, on a stream of its
// own, and from there to where they belong, on the stream that trains. The bus so works for a step while the
// device is still at the one before, and what is under way is two batches, however far the host is ahead.
// Threads: one.

#include <array>
#include <cstddef>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/cuda/CUDAEvent.h>
#include <c10/cuda/CUDAStream.h>

namespace timetrial {

class CudaStaging {
 public:
  explicit CudaStaging(c10::DeviceIndex device);

  // As Device::copy_in(). Work of the current stream waits for it.
  void copy(at::TensorList from, at::TensorList to);

 private:
  struct Place {
    at::Tensor bytes;
    at::cuda::CUDAEvent filled;   // over the bus
    at::cuda::CUDAEvent emptied;  // by the training
  };

  // Parts of the place for these tensors. The place grows when they need more than it has.
  std::vector<at::Tensor> parts_for(at::TensorList tensors, Place& place,
                                    const c10::cuda::CUDAStream& training);

  c10::cuda::CUDAStream bus_;
  std::array<Place, 2> places_;
  std::size_t next_ = 0;
};

}  // namespace timetrial
