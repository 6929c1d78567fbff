#include "workloads/graph_optimizer/graph_sage.h"

#include <torch/torch.h>

#include "workloads/graph_optimizer/segment_largest.h"
#include "workloads/layers/segments.h"

namespace timetrial {
GraphSageLayer::GraphSageLayer(int64_t width, const at::TensorOptions& options,
                               const at::Generator& generator)
    : operands_(register_module("operands", std::make_shared<LinearLayer>(width, width, options))),
      consumers_(register_module("consumers", std::make_shared<LinearLayer>(width, width, options))),
      join_(register_module("join", std::make_shared<LinearLayer>(3 * width, width, options))) {
  for (const auto& layer : {operands_, consumers_, join_}) layer->init_xavier(generator);
}

at::Tensor GraphSageLayer::forward(const at::Tensor& nodes, const Batch& batch) const {
  const Segments operand_of_edge{batch.at("operand_of_edge"), batch.at("operand_order"),
                                 batch.at("operand_edges")};
  const Segments consumer_of_edge{batch.at("consumer_of_edge"), batch.at("consumer_order"),
                                  batch.at("consumer_edges")};
  // Edges in the order of their consumers, and of their operands.
  const Segments by_consumer{batch.at("consumer_of_operand_edge"), {}, batch.at("consumer_edges")};
  const Segments by_operand{batch.at("operand_of_consumer_edge"), {}, batch.at("operand_edges")};
  const at::Tensor from_operands =
      segment_largest(gather_rows(at::relu(operands_->forward(nodes)), operand_of_edge), by_consumer);
  const at::Tensor from_consumers =
      segment_largest(gather_rows(at::relu(consumers_->forward(nodes)), consumer_of_edge), by_operand);
  return at::relu(join_->forward(at::cat({nodes, from_operands, from_consumers}, 1)));
}

}  // namespace timetrial
