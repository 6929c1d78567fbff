#include "workloads/criteo1tb/embedding_table.h"

#include <string>

#include <torch/torch.h>

namespace timetrial {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

class ChunkedLookup : public torch::autograd::Function<ChunkedLookup> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& ids, const at::Tensor& table,
                            at::TensorList chunks) {
    context->save_for_backward({ids});
    context->saved_data["rows"] = table.size(0);
    context->saved_data["chunks"] = static_cast<int64_t>(chunks.size());
    return at::embedding(table, ids);
  }

  // Only differentiable operations, so that second derivatives work. On the CPU the sum over equal ids runs
  // in the order of the ids whatever the number of threads.
  static variable_list backward(AutogradContext* context, variable_list output_gradients) {
    const at::Tensor ids = context->get_saved_variables().front();
    const int64_t rows = context->saved_data["rows"].toInt();
    const int64_t chunks = context->saved_data["chunks"].toInt();
    const at::Tensor gradient = at::embedding_dense_backward(output_gradients.front(), ids, rows, -1, false);
    variable_list gradients(2);  // none for the ids and the table itself
    for (int64_t i = 0; i < chunks; ++i)
      gradients.push_back(gradient.narrow(0, i * (rows / chunks), rows / chunks));
    return gradients;
  }
};

}  // namespace

EmbeddingTable::EmbeddingTable(torch::nn::Module& owner, int64_t rows, int64_t dim, int64_t chunks,
                               const at::TensorOptions& options)
    : table_(at::empty({rows, dim}, options)) {
  TORCH_CHECK(rows % chunks == 0, "table of ", rows, " rows cannot be cut into ", chunks, " equal chunks");
  const int64_t chunk_rows = rows / chunks;
  for (int64_t i = 0; i < chunks; ++i) {
    // variable_data: a tensor of its own on the same storage, no view in autograd's sense.
    chunks_.push_back(owner.register_parameter("embedding_chunk_" + std::to_string(i),
                                               table_.narrow(0, i * chunk_rows, chunk_rows).variable_data()));
  }
}

void EmbeddingTable::init(double scale, const at::Generator& generator) {
  const at::NoGradGuard no_grad;
  table_.uniform_(0, scale, generator);
}

bool EmbeddingTable::chunks_share_storage() const {
  int64_t offset = 0;
  for (const auto& chunk : chunks_) {
    if (!chunk.is_alias_of(table_) || chunk.storage_offset() != offset || !chunk.is_contiguous() ||
        chunk.scalar_type() != table_.scalar_type() || chunk.size(1) != table_.size(1)) {
      return false;
    }
    offset += chunk.numel();
  }
  return offset == table_.numel();
}

at::Tensor EmbeddingTable::lookup(const at::Tensor& ids) const {
  if (!chunks_share_storage()) return at::embedding(at::cat(chunks_), ids);
  return ChunkedLookup::apply(ids, table_, at::TensorList(chunks_));
}

}  // namespace timetrial
