#include "workloads/graph_export/graph_builder.h"

#include <algorithm>
#include <utility>

#include "workloads/computation_graph/operation_cost.h"

namespace timetrial {

void GraphBuilder::begin_phase(TrainingPhase phase) {
  phase_ = phase;
  hint_ = kNoLayer;
}

int32_t GraphBuilder::add_input(const std::string& name, const Shape& shape) {
  source_ = name;
  return add(Opcode::parameter, shape, {});
}

int32_t GraphBuilder::add_weight(const std::string& name, const Shape& shape) {
  const int32_t id = add_input(name, shape);
  const size_t dot = name.rfind('.');
  modules_[id] = dot == std::string::npos ? name : name.substr(0, dot);
  return id;
}

int32_t GraphBuilder::add(GraphNode node, OutputKind kind, std::optional<int64_t> flops) {
  const auto id = static_cast<int32_t>(size());
  std::vector<const GraphNode*> operands;
  for (const int32_t operand : node.operands) {
    first_use(operand);
    operands.push_back(&this->node(operand));
  }
  const bool is_view = kind == OutputKind::view;
  int64_t bytes = bytes_of(node.output);
  exported_.flops.push_back(is_view ? 0 : flops ? *flops : operation_flops(node, operands));
  exported_.output_bytes.push_back(bytes);
  exported_.is_view.push_back(is_view ? 1 : 0);
  exported_.phase.push_back(phase_);
  exported_.colocation_group.push_back(kNoGroup);
  exported_.layer.push_back(layer_for(node.operands));
  exported_.source.push_back(source_);
  used_.push_back(false);
  exported_.graph.nodes.push_back(std::move(node));
  return id;
}

void GraphBuilder::first_use(int32_t operand) {
  const auto id = static_cast<size_t>(operand);
  if (used_.at(id)) return;
  used_[id] = true;
  if (exported_.graph.nodes[id].opcode != Opcode::parameter) return;
  exported_.phase[id] = phase_;
  const auto module = modules_.find(operand);
  if (module == modules_.end()) return;
  const auto [layer, is_new] =
      layers_.try_emplace(module->second, static_cast<int32_t>(exported_.layers.size()));
  if (is_new) exported_.layers.push_back(module->second);
  exported_.layer[id] = layer->second;
}

int32_t GraphBuilder::layer_for(const std::vector<int32_t>& operands) const {
  if (phase_ == TrainingPhase::backward && hint_ != kNoLayer) return hint_;
  int32_t layer = kNoLayer;
  for (const int32_t operand : operands) layer = std::max(layer, layer_of(operand));
  return layer;
}

}  // namespace timetrial
