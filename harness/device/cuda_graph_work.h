#pragma once

// Recorded work as a CUDA graph.

#include <functional>

#include <ATen/cuda/CUDAGraph.h>

#include "harness/device/device.h"

namespace timetrial {

class CudaGraphWork final : public RecordedWork {
 public:
  // The current stream must not be the default one. Other threads may go on using the device.
  explicit CudaGraphWork(const std::function<void()>& work) {
    graph_.capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);
    try {
      work();
    } catch (...) {
      give_up();
      throw;
    }
    graph_.capture_end();
  }

  void replay() override { graph_.replay(); }

 private:
  // A capture that went wrong must still be ended, and its error not be taken for that of a later call.
  void give_up() noexcept {
    try {
      graph_.capture_end();
    } catch (...) {
    }
    cudaGetLastError();
  }

  at::cuda::CUDAGraph graph_;
};

}  // namespace timetrial
