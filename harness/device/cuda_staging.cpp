#include "harness/device/cuda_staging.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <c10/cuda/CUDAGuard.h>

namespace timetrial {
namespace {

constexpr int64_t kAlignment = 512;  // of cudaMalloc

int64_t room_for(const at::Tensor& tensor) {
  return (static_cast<int64_t>(tensor.nbytes()) + kAlignment - 1) / kAlignment * kAlignment;
}

// A copy over the bus is one of bytes, which holds up nobody, where both sides have the same strides.
at::Tensor like(const at::Tensor& tensor, const at::Tensor& bytes) {
  const at::Tensor values = bytes.view(tensor.scalar_type());
  if (tensor.is_non_overlapping_and_dense()) return values.as_strided(tensor.sizes(), tensor.strides());
  return values.view(tensor.sizes());
}

}  // namespace

CudaStaging::CudaStaging(c10::DeviceIndex device)
    : bus_(c10::cuda::getStreamFromPool(/*isHighPriority=*/false, device)) {}

std::vector<at::Tensor> CudaStaging::parts_for(at::TensorList tensors, Place& place,
                                               const c10::cuda::CUDAStream& training) {
  int64_t needed = 0;
  for (const at::Tensor& tensor : tensors) needed += room_for(tensor);
  if (!place.bytes.defined() || place.bytes.numel() < needed) {
    place.bytes = at::empty({needed}, at::TensorOptions().dtype(at::kByte).device(bus_.device()));
    place.bytes.record_stream(training);  // may still read from it when a larger one takes its place
  }
  std::vector<at::Tensor> parts;
  int64_t begin = 0;
  for (const at::Tensor& tensor : tensors) {
    parts.push_back(like(tensor, place.bytes.narrow(0, begin, static_cast<int64_t>(tensor.nbytes()))));
    begin += room_for(tensor);
  }
  return parts;
}

void CudaStaging::copy(at::TensorList from, at::TensorList to) {
  const at::NoGradGuard no_grad;
  const c10::cuda::CUDAStream training = c10::cuda::getCurrentCUDAStream(bus_.device_index());
  Place& place = places_[next_];
  next_ = (next_ + 1) % places_.size();
  std::vector<at::Tensor> parts;
  {
    const c10::cuda::CUDAStreamGuard on_bus(bus_);
    parts = parts_for(from, place, training);
    place.emptied.block(bus_);
    for (std::size_t i = 0; i < parts.size(); ++i) parts[i].copy_(from[i], /*non_blocking=*/true);
    place.filled.record(bus_);
  }
  place.filled.block(training);
  for (std::size_t i = 0; i < parts.size(); ++i) to[i].copy_(parts[i], /*non_blocking=*/true);
  place.emptied.record(training);
}

}  // namespace timetrial
