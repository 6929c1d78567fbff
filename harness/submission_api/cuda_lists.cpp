#include "timetrial/cuda_lists.h"

#include <cstring>
#include <string>

#include <ATen/ops/empty.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

template <typename Row>
at::Tensor on_device(const std::vector<Row>& rows, at::Device device) {
  static_assert(std::is_trivially_copyable_v<Row>);
  at::Tensor bytes = at::empty({static_cast<int64_t>(rows.size() * sizeof(Row))}, at::kByte);
  if (!rows.empty()) std::memcpy(bytes.mutable_data_ptr(), rows.data(), rows.size() * sizeof(Row));
  return bytes.to(device);
}

at::Tensor scratch(std::size_t rows, at::Device device) {
  return at::empty({static_cast<int64_t>(rows), cuda::kLargestSums},
                   at::TensorOptions().dtype(at::kDouble).device(device));
}

std::vector<cuda::DeviceTensor> tensor_rows(const ChunkList& chunks,
                                            const std::vector<at::Tensor>& parameters,
                                            const std::vector<std::vector<at::Tensor>>& states,
                                            const std::vector<int>& groups) {
  std::vector<cuda::DeviceTensor> rows;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const ChunkRange range = chunks.of_tensor(i);
    cuda::DeviceTensor row;
    row.parameter = parameters[i].mutable_data_ptr();
    for (std::size_t k = 0; k < states.size(); ++k) row.states[k] = states[k][i].mutable_data_ptr();
    row.elements = parameters[i].numel();
    row.first_chunk = static_cast<int32_t>(range.begin);
    row.chunks = static_cast<int32_t>(range.end - range.begin);
    row.group = groups[i];
    row.is_double = parameters[i].scalar_type() == at::kDouble;
    rows.push_back(row);
  }
  return rows;
}

std::vector<cuda::DeviceChunk> chunk_rows(const ChunkList& chunks) {
  std::vector<cuda::DeviceChunk> rows;
  for (const Chunk& chunk : chunks.chunks()) {
    rows.push_back({chunk.begin, static_cast<int32_t>(chunk.elements), static_cast<int32_t>(chunk.tensor)});
  }
  return rows;
}

}  // namespace

CudaLists::CudaLists(const ChunkList& chunks, const std::vector<at::Tensor>& parameters,
                     const std::vector<std::vector<at::Tensor>>& states, const std::vector<int>& groups)
    : device_(parameters.empty() ? at::Device(at::kCPU) : parameters[0].device()) {
  if (states.size() > cuda::kLargestStates) {
    throw UserError({"a rule has more states than a pass on a GPU takes", "fused elementwise update",
                     std::to_string(states.size()), "raise kLargestStates in timetrial/cuda_pass.h"});
  }
  first_chunk_.push_back(0);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    first_chunk_.push_back(static_cast<int32_t>(chunks.of_tensor(i).end));
  }
  tensors_ = on_device(tensor_rows(chunks, parameters, states, groups), device_);
  chunks_ = on_device(chunk_rows(chunks), device_);
  chunk_sums_ = scratch(chunks.size(), device_);
  tensor_sums_ = scratch(parameters.size(), device_);
  pass_.device = device_.has_index() ? device_.index() : 0;
  pass_.tensor_count = static_cast<int>(parameters.size());
  pass_.first_chunk = first_chunk_.data();
  pass_.tensors = static_cast<const cuda::DeviceTensor*>(tensors_.const_data_ptr());
  pass_.chunks = static_cast<const cuda::DeviceChunk*>(chunks_.const_data_ptr());
  pass_.chunk_sums = chunk_sums_.mutable_data_ptr<double>();
  pass_.tensor_sums = tensor_sums_.mutable_data_ptr<double>();
}

void* CudaLists::stream() const {
  const c10::impl::VirtualGuardImpl guard(device_.type());
  return guard.getStream(device_).native_handle();
}

}  // namespace timetrial
