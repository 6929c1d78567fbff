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

// Consecutive chunks of a list: from `begin` up to, not including, `end`.
struct ChunkRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// True if element i of the storage is the same entry in both: equal shapes, and equal strides where they
// matter.
bool same_memory_order(const at::Tensor& left, const at::Tensor& right);

class ChunkList {
 public:
  // 64 KiB of floats: about 10 % faster than 256 KiB on many small tensors, equal on a few large ones.
  static constexpr int64_t kChunkElements = 16384;

  // Throws UserError unless all tensors lie on one device, are float or double, and are dense (any order of
  // dimensions).
  explicit ChunkList(const std::vector<at::Tensor>& tensors);

  std::size_t size() const { return chunks_.size(); }
  const std::vector<Chunk>& chunks() const { return chunks_; }
  ChunkRange all() const { return {0, chunks_.size()}; }
  ChunkRange of_tensor(std::size_t tensor) const { return {first_chunk_[tensor], first_chunk_[tensor + 1]}; }

  // The list cut where one tensor ends and another begins, into ranges of at most so many bytes; a larger
  // tensor is a range by itself.
  std::vector<ChunkRange> ranges_of_tensors(int64_t bytes) const;

  // For tensors on the CPU: calls `work` once per chunk of the range on LibTorch's threads, each thread
  // taking a run of chunks with an equal share of the bytes. `work` must not throw.
  void for_each(const ChunkRange& range, const std::function<void(const Chunk&)>& work) const;
  void for_each(const std::function<void(const Chunk&)>& work) const { for_each(all(), work); }

  // of_chunks: [chunk][value] -> of_tensors: [tensor][value], for the tensors of a range: the sum over their
  // chunks, added in the order of the list.
  void sum_over_tensors(const ChunkRange& range, std::size_t values, const std::vector<double>& of_chunks,
                        std::vector<double>& of_tensors) const;

 private:
  std::size_t first_chunk_of_share(const ChunkRange& range, int64_t share, int64_t shares) const;

  std::vector<Chunk> chunks_;
  std::vector<int64_t> bytes_before_;     // [chunks + 1]
  std::vector<std::size_t> first_chunk_;  // [tensors + 1]
};

}  // namespace timetrial
