#pragma once

// Parameters and buffers on their way from the trainer to the evaluator: a memory file that both have mapped.
//
//   0       whether the attempt is to end
//   4096    the tensors one after the other, dense, each at a multiple of 64 bytes
//
// The evaluator sizes the file by the model that it builds itself and seals it, so that the trainer cannot
// shrink it under it. What lies in it is the trainer's word and no more.

#include <atomic>
#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace timetrial {

class SharedTensors {
 public:
  // `like`: the model's tensors in order; both processes must have the same. Throw UserError.
  static SharedTensors make(int descriptor, const std::vector<at::Tensor>& like);  // the evaluator
  static SharedTensors open(int descriptor, const std::vector<at::Tensor>& like);  // the trainer
  SharedTensors(SharedTensors&& other) noexcept;
  SharedTensors& operator=(SharedTensors&&) = delete;
  ~SharedTensors();

  // Copies the tensors' values into the memory, or out of it. Any device; waits for it.
  void put(const std::vector<at::Tensor>& tensors);
  void take(const std::vector<at::Tensor>& tensors) const;

  // Set by the evaluator: the attempt is to end.
  std::atomic<bool>& stop_flag() { return *static_cast<std::atomic<bool>*>(memory_); }

 private:
  SharedTensors(int descriptor, const std::vector<at::Tensor>& like);

  void* memory_ = nullptr;
  std::size_t bytes_ = 0;
  std::vector<at::Tensor> views_;
};

}  // namespace timetrial
