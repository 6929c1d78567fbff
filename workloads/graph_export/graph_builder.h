#pragma once

// Appends nodes to an exported graph and fills in what follows from their operands: cost, bytes, phase,
// layer.

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "workloads/computation_graph/exported_graph.h"

namespace timetrial {

enum class OutputKind { computed, view };

class GraphBuilder {
 public:
  // What the next nodes belong to.
  void begin_phase(TrainingPhase phase);
  void begin_operation(std::string source) { source_ = std::move(source); }
  // Backward nodes are given this layer; kNoLayer: that of their operands.
  void set_layer(int32_t layer) { hint_ = layer; }

  int32_t add_input(const std::string& name, const Shape& shape);
  // Its layer is that of the module, the name up to its last dot, and is numbered when a node first consumes
  // it.
  int32_t add_weight(const std::string& name, const Shape& shape);

  // `flops`: where the shapes do not tell (dot, convolution). Views count none.
  int32_t add(GraphNode node, OutputKind kind = OutputKind::computed,
              std::optional<int64_t> flops = std::nullopt);

  // By name, shape and operands alone.
  int32_t add(Opcode opcode, const Shape& output, std::vector<int32_t> operands) {
    return add(GraphNode{.opcode = opcode, .operands = std::move(operands), .output = output});
  }

  const GraphNode& node(int32_t id) const { return exported_.graph.nodes.at(static_cast<size_t>(id)); }
  size_t size() const { return exported_.graph.nodes.size(); }
  int32_t layer_of(int32_t id) const { return exported_.layer.at(static_cast<size_t>(id)); }

  ExportedGraph& exported() { return exported_; }

 private:
  void first_use(int32_t operand);
  int32_t layer_for(const std::vector<int32_t>& operands) const;

  ExportedGraph exported_;
  std::vector<bool> used_;
  std::unordered_map<int32_t, std::string> modules_;  // of weights that no node has consumed
  std::unordered_map<std::string, int32_t> layers_;
  TrainingPhase phase_ = TrainingPhase::forward;
  std::string source_;
  int32_t hint_ = kNoLayer;
};

}  // namespace timetrial
