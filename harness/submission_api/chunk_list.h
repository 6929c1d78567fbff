#pragma once

// One list of equal pieces over many tensors of very different sizes, so that a pass over all of them keeps
// every thread equally busy. Built once; the tensors stay where they are.

#include <cstdint>
#include <functional>
#include <vector>

#include <ATen/core/Tensor.h>

namespace timetrial {

struct Chunk {
  std::size_t index = 0;   // position of the chunk in its list
  std::size_t tensor = 0;  // position of the tensor in the list's tensors
  int64_t begin = 0;       // first element, counted in memory order
  int64_t elements = 0;
  bool is_double = false;  // else float
};

// True if element i of the storage is the same entry in both: equal shapes, and equal strides where they
// matter.
bool same_memory_order(const at::Tensor& left, const at::Tensor& right);

class ChunkList {
 public:
  // 64 KiB of floats: about 10 % faster than 256 KiB on many small tensors, equal on a few large ones.
  static constexpr int64_t kChunkElements = 16384;

  // Throws UserError unless every tensor lies on the CPU, is float or double, and is dense (any order of
  // dimensions).
  explicit ChunkList(const std::vector<at::Tensor>& tensors);

  std::size_t size() const { return chunks_.size(); }

  // Calls `work` once per chunk on LibTorch's threads, each thread taking a run of chunks with an equal share
  // of the bytes. `work` must not throw.
  void for_each(const std::function<void(const Chunk&)>& work) const;

  // of_chunks: [chunk][value]. The sums over the chunks of each tensor, [tensors][value], added in the order
  // of the list; 0 for a tensor without elements.
  std::vector<double> sums_of_tensors(const std::vector<double>& of_chunks, std::size_t tensors,
                                      std::size_t values) const;

 private:
  std::size_t first_chunk_of_share(int64_t share, int64_t shares) const;

  std::vector<Chunk> chunks_;
  std::vector<int64_t> bytes_before_;  // [chunks + 1]
};

}  // namespace timetrial
