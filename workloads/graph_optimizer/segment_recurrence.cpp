#include "workloads/graph_optimizer/segment_recurrence.h"

#include <torch/torch.h>

#include "workloads/layers/segments.h"

namespace timetrial {
namespace {

constexpr double kNormEpsilon = 1e-5;

}  // namespace

SegmentRecurrence::SegmentRecurrence(int64_t width, int64_t heads, int64_t segment_nodes,
                                     const at::TensorOptions& options, const at::Generator& generator)
    : segment_nodes_(segment_nodes),
      gate_(register_module("gate", std::make_shared<LinearLayer>(width, width, options))),
      widen_(register_module("widen", std::make_shared<LinearLayer>(width, 2 * width, options))),
      narrow_(register_module("narrow", std::make_shared<LinearLayer>(2 * width, width, options))),
      attention_norm_(
          register_module("input_norm", std::make_shared<LayerNormLayer>(width, kNormEpsilon, options))),
      output_norm_(
          register_module("output_norm", std::make_shared<LayerNormLayer>(width, kNormEpsilon, options))),
      attention_(
          register_module("attention", std::make_shared<CrossAttention>(width, heads, options, generator))) {
  for (const auto& layer : {gate_, widen_, narrow_}) layer->init_xavier(generator);
}

at::Tensor SegmentRecurrence::attend_to_segments(const at::Tensor& nodes, const Batch& batch) const {
  const int64_t width = nodes.size(1);
  const Segments slots{batch.at("slot_node"), batch.at("slot_order"), batch.at("slot_offsets")};
  const Segments nodes_of_slots{batch.at("node_slot"), {}, batch.at("node_slot_offsets")};
  const at::Tensor nothing = at::zeros({1, width}, nodes.options());
  const at::Tensor segments = gather_rows(at::cat({nodes, nothing}), slots).view({-1, segment_nodes_, width});
  const at::Tensor previous =
      at::cat({at::zeros_like(segments.narrow(0, 0, 1)), segments.narrow(0, 0, segments.size(0) - 1)})
          .detach();
  AttentionOptions attention;
  attention.mask = batch.at("key_mask").to(nodes.scalar_type());
  const at::Tensor seen = attention_->forward(segments, at::cat({previous, segments}, 1), attention);
  return gather_rows(seen.reshape({-1, width}), nodes_of_slots);
}

at::Tensor SegmentRecurrence::forward(const at::Tensor& nodes, const at::Tensor& graphs,
                                      const Batch& batch) const {
  const Segments by_graph{batch.at("node_graph"), {}, batch.at("node_offsets")};
  const at::Tensor gates = gather_rows(at::sigmoid(gate_->forward(graphs)), by_graph);
  const at::Tensor attended = nodes + attend_to_segments(attention_norm_->forward(nodes * gates), batch);
  return attended + narrow_->forward(at::relu(widen_->forward(output_norm_->forward(attended))));
}

}  // namespace timetrial
