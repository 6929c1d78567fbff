#pragma once

#include <cstdint>
#include <vector>

#include <torch/nn/module.h>

namespace timetrial {

// One table [rows, dim] whose equal horizontal chunks are the parameters embedding_chunk_0 … of a module. The
// chunks are leaf tensors that share the table's storage, so that a lookup reads the table without putting
// the chunks together, and the backward pass makes one dense gradient whose parts become the chunks'
// gradients.
class EmbeddingTable {
 public:
  // Registers the chunks in `owner`. Values are uninitialised.
  EmbeddingTable(torch::nn::Module& owner, int64_t rows, int64_t dim, int64_t chunks,
                 const at::TensorOptions& options);

  // Uniform in [0, scale).
  void init(double scale, const at::Generator& generator);

  // ids: integers in [0, rows), any shape -> [..., dim]. Differentiable twice. When somebody gave a chunk
  // other storage (Module::to does), the chunks are concatenated instead, which is slow and right.
  at::Tensor lookup(const at::Tensor& ids) const;

  bool chunks_share_storage() const;

 private:
  at::Tensor table_;
  std::vector<at::Tensor> chunks_;  // the parameters themselves
};

}  // namespace timetrial
