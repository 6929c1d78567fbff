#include "timetrial/chunk_list.h"

#include <algorithm>
#include <sstream>

#include <ATen/Parallel.h>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

void check(const at::Tensor& tensor, at::Device device, std::size_t index) {
  const bool known_type = tensor.scalar_type() == at::kFloat || tensor.scalar_type() == at::kDouble;
  if (tensor.device() == device && known_type && tensor.is_non_overlapping_and_dense()) return;
  std::ostringstream found;
  found << tensor.device() << " " << tensor.scalar_type() << " " << tensor.sizes() << " with strides "
        << tensor.strides();
  throw UserError({"the fused elementwise update works on dense float or double tensors on one device",
                   "tensor " + std::to_string(index), found.str(), "use ATen operations for this tensor"});
}

}  // namespace

bool same_memory_order(const at::Tensor& left, const at::Tensor& right) {
  if (left.sizes() != right.sizes()) return false;
  for (int64_t dimension = 0; dimension < left.dim(); ++dimension) {
    // The stride of a dimension of size 1 is never used.
    if (left.size(dimension) > 1 && left.stride(dimension) != right.stride(dimension)) return false;
  }
  return true;
}

ChunkList::ChunkList(const std::vector<at::Tensor>& tensors) : bytes_before_{0}, first_chunk_{0} {
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    check(tensors[i], tensors[0].device(), i);
    const int64_t total = tensors[i].numel();
    for (int64_t begin = 0; begin < total; begin += kChunkElements) {
      const int64_t elements = std::min(kChunkElements, total - begin);
      chunks_.push_back({chunks_.size(), i, begin, elements, tensors[i].scalar_type() == at::kDouble});
      bytes_before_.push_back(bytes_before_.back() + elements * tensors[i].element_size());
    }
    first_chunk_.push_back(chunks_.size());
  }
}

std::vector<ChunkRange> ChunkList::ranges_of_tensors(int64_t bytes) const {
  std::vector<ChunkRange> ranges;
  for (std::size_t tensor = 0; tensor + 1 < first_chunk_.size(); ++tensor) {
    const ChunkRange next = of_tensor(tensor);
    if (!ranges.empty() && bytes_before_[next.end] - bytes_before_[ranges.back().begin] <= bytes) {
      ranges.back().end = next.end;
    } else {
      ranges.push_back(next);
    }
  }
  return ranges;
}

std::size_t ChunkList::first_chunk_of_share(const ChunkRange& range, int64_t share, int64_t shares) const {
  const auto begin = bytes_before_.begin() + static_cast<std::ptrdiff_t>(range.begin);
  const auto end = bytes_before_.begin() + static_cast<std::ptrdiff_t>(range.end);
  const int64_t bytes = *begin + (*end - *begin) * share / shares;
  return static_cast<std::size_t>(std::lower_bound(begin, end, bytes) - bytes_before_.begin());
}

void ChunkList::for_each(const ChunkRange& range, const std::function<void(const Chunk&)>& work) const {
  // Waking a thread costs more than one chunk of work.
  constexpr int64_t kSmallestShareBytes = kChunkElements * static_cast<int64_t>(sizeof(float));
  const int64_t bytes = bytes_before_[range.end] - bytes_before_[range.begin];
  const int64_t shares = std::clamp<int64_t>(bytes / kSmallestShareBytes, 1, at::get_num_threads());
  at::parallel_for(0, shares, 1, [&](int64_t begin, int64_t end) {
    const std::size_t last = first_chunk_of_share(range, end, shares);
    for (std::size_t i = first_chunk_of_share(range, begin, shares); i < last; ++i) work(chunks_[i]);
  });
}

void ChunkList::sum_over_tensors(const ChunkRange& range, std::size_t values,
                                 const std::vector<double>& of_chunks,
                                 std::vector<double>& of_tensors) const {
  for (std::size_t i = range.begin; i < range.end; ++i) {
    for (std::size_t value = 0; value < values; ++value) {
      of_tensors[chunks_[i].tensor * values + value] += of_chunks[i * values + value];
    }
  }
}

}  // namespace timetrial
