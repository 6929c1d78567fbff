#pragma once

// Fusion of ops into kernels, by the rules that a priority-driven fusion pass has: a producer goes into all
// of its consumers, each of which then computes it anew, or into none; its output is never written. So every
// kernel writes one tensor, that of its last op ("root"), and reads tensors that come earlier in the
// topological order: whatever is fused, no cycle can arise.

#include <cstdint>
#include <span>
#include <vector>

#include "workloads/graph_optimizer/simulator/dataflow.h"
#include "workloads/graph_optimizer/simulator/kernel_graph.h"
#include "workloads/graph_optimizer/simulator/op_cost.h"

namespace timetrial {

inline constexpr size_t kMostFusedMembers = 64;  // ops in a fused kernel
inline constexpr size_t kMostFusedInputs = 64;   // tensors that it reads

// Why a producer is not fused.
enum class FusionRefusal : uint8_t {
  none,
  not_a_kernel,      // no op, or fused away already
  not_fusible,       // it, or one of its consumers, is a kernel of a library
  no_consumer,       // a result of the step
  other_device,      // a consumer runs on another device
  second_reduction,  // a reduction would go into a kernel that has one
  too_many_members,
  too_many_inputs,
};

// The kernels while they are fused one after the other. One object a thread; used again, it allocates little.
class Fusion {
 public:
  // `flow` must outlive it. All ops by themselves, all on device 0.
  explicit Fusion(const Dataflow& flow);

  // Starts anew with a device for every node (units on one device, as resolve_devices gives them).
  void restart(std::span<const uint32_t> devices);

  FusionRefusal refusal(NodeId producer);
  // Fuses the producer's kernel into all its consumers unless it is refused.
  FusionRefusal fuse(NodeId producer);

  // Whether an op is the root of a kernel, and of such a kernel, ascending: its ops, the roots of kernels
  // that read its output, the tensors that it reads.
  bool is_kernel(NodeId op) const { return kernels_[op].exists; }
  std::span<const NodeId> members(NodeId root) const { return kernels_[root].members; }
  std::span<const NodeId> consumers(NodeId root) const { return kernels_[root].consumers; }
  std::span<const NodeId> inputs(NodeId root) const { return kernels_[root].inputs; }
  // One launch; flops of all members; only bytes that come from or go to other kernels.
  const KernelCost& cost(NodeId root) const { return kernels_[root].cost; }
  // What `consumer` would cost with `producer`, whose consumer it is, fused into it.
  KernelCost cost_if_fused(NodeId producer, NodeId consumer);

  // Writes down the kernels there are. Throws std::logic_error when they take longer than kLongestStepPs.
  void write(const Machine& machine, KernelGraph& kernels) const;

 private:
  struct Kernel {
    bool exists = false;
    bool fusible = false;
    bool reduces = false;
    std::vector<NodeId> members, consumers;
    std::vector<NodeId> reads;   // operands of members by the names they use, that are not members' own
    std::vector<NodeId> inputs;  // the tensors of `reads`
    KernelCost cost;
  };

  // `consumer` with `producer` fused into it, into merged_.
  void merge(const Kernel& producer, NodeId producer_id, const Kernel& consumer);
  FusionRefusal refusal_of_pair(NodeId producer, NodeId consumer);

  const Dataflow& flow_;
  std::vector<uint32_t> device_;
  std::vector<Kernel> kernels_;  // by node
  Kernel merged_;
};

}  // namespace timetrial
