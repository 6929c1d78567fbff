#include "workloads/graph_optimizer/graph_sage.h"

#include <torch/torch.h>

#include "workloads/graph_optimizer/graph_edges.h"
#include "workloads/graph_optimizer/segment_largest.h"

namespace timetrial {
GraphSageLayer::GraphSageLayer(int64_t width, const at::TensorOptions& options,
                               const at::Generator& generator)
    : operands_(register_module("operands", std::make_shared<LinearLayer>(width, width, options))),
      consumers_(register_module("consumers", std::make_shared<LinearLayer>(width, width, options))),
      join_(register_module("join", std::make_shared<LinearLayer>(3 * width, width, options))) {
  for (const auto& layer : {operands_, consumers_, join_}) layer->init_xavier(generator);
}

at::Tensor GraphSageLayer::forward(const at::Tensor& nodes, const Batch& batch) const {
  const GraphEdges edges = graph_edges(batch);
  const at::Tensor from_operands =
      segment_largest(gather_rows(at::relu(operands_->forward(nodes)), edges.operands), edges.by_consumer);
  const at::Tensor from_consumers =
      segment_largest(gather_rows(at::relu(consumers_->forward(nodes)), edges.consumers), edges.by_operand);
  return at::relu(join_->forward(at::cat({nodes, from_operands, from_consumers}, 1)));
}

}  // namespace timetrial
