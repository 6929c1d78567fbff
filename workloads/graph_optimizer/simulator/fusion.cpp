#include "workloads/graph_optimizer/simulator/fusion.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace timetrial {
namespace {

void unite(const std::vector<NodeId>& first, const std::vector<NodeId>& second, std::vector<NodeId>& all) {
  all.clear();
  std::set_union(first.begin(), first.end(), second.begin(), second.end(), std::back_inserter(all));
}

void insert_sorted(std::vector<NodeId>& list, NodeId id) {
  const auto place = std::lower_bound(list.begin(), list.end(), id);
  if (place == list.end() || *place != id) list.insert(place, id);
}

void remove_sorted(std::vector<NodeId>& list, NodeId id) {
  const auto place = std::lower_bound(list.begin(), list.end(), id);
  if (place != list.end() && *place == id) list.erase(place);
}

}  // namespace

Fusion::Fusion(const Dataflow& flow) : flow_(flow), kernels_(flow.size()) {
  restart(std::vector<uint32_t>(flow.size(), 0));
}

void Fusion::restart(std::span<const uint32_t> devices) {
  device_.assign(devices.begin(), devices.end());
  for (const NodeId op : flow_.ops()) {
    Kernel& kernel = kernels_[op];
    const auto reads = flow_.reads(op), inputs = flow_.inputs(op), consumers = flow_.consumers(op);
    kernel.exists = true;
    kernel.fusible = flow_.node(op).fusible;
    kernel.reduces = flow_.node(op).kind == NodeKind::reduce;
    kernel.members.assign(1, op);
    kernel.consumers.assign(consumers.begin(), consumers.end());
    kernel.reads.assign(reads.begin(), reads.end());
    kernel.inputs.assign(inputs.begin(), inputs.end());
    kernel.cost = flow_.op_cost(op);
  }
}

void Fusion::merge(const Kernel& producer, NodeId producer_id, const Kernel& consumer) {
  unite(consumer.members, producer.members, merged_.members);
  unite(consumer.reads, producer.reads, merged_.reads);
  std::erase_if(merged_.reads, [&](NodeId read) { return flow_.tensor_of(read) == producer_id; });
  unite(consumer.inputs, producer.inputs, merged_.inputs);
  remove_sorted(merged_.inputs, producer_id);
}

FusionRefusal Fusion::refusal_of_pair(NodeId producer, NodeId consumer) {
  const Kernel& from = kernels_[producer];
  const Kernel& into = kernels_[consumer];
  if (!into.fusible) return FusionRefusal::not_fusible;
  if (device_[producer] != device_[consumer]) return FusionRefusal::other_device;
  if (from.reduces && into.reduces) return FusionRefusal::second_reduction;
  const bool surely_fits = from.members.size() + into.members.size() <= kMostFusedMembers &&
                           from.inputs.size() + into.inputs.size() <= kMostFusedInputs;
  if (surely_fits) return FusionRefusal::none;
  merge(from, producer, into);
  if (merged_.members.size() > kMostFusedMembers) return FusionRefusal::too_many_members;
  if (merged_.inputs.size() > kMostFusedInputs) return FusionRefusal::too_many_inputs;
  return FusionRefusal::none;
}

FusionRefusal Fusion::refusal(NodeId producer) {
  const Kernel& kernel = kernels_[producer];
  if (!kernel.exists) return FusionRefusal::not_a_kernel;
  if (!kernel.fusible) return FusionRefusal::not_fusible;
  if (kernel.consumers.empty()) return FusionRefusal::no_consumer;
  for (const NodeId consumer : kernel.consumers)
    if (const FusionRefusal refused = refusal_of_pair(producer, consumer); refused != FusionRefusal::none)
      return refused;
  return FusionRefusal::none;
}

KernelCost Fusion::cost_if_fused(NodeId producer, NodeId consumer) {
  merge(kernels_[producer], producer, kernels_[consumer]);
  KernelCost cost{0, flow_.output_bytes(consumer)};
  for (const NodeId member : merged_.members) cost.flops += flow_.op_cost(member).flops;
  for (const NodeId read : merged_.reads) cost.bytes += flow_.output_bytes(read);
  return cost;
}

FusionRefusal Fusion::fuse(NodeId producer) {
  if (const FusionRefusal refused = refusal(producer); refused != FusionRefusal::none) return refused;
  Kernel& from = kernels_[producer];
  for (const NodeId input : from.inputs)
    if (flow_.is_op(input)) remove_sorted(kernels_[input].consumers, producer);
  for (const NodeId consumer : from.consumers) {
    Kernel& into = kernels_[consumer];
    into.cost = cost_if_fused(producer, consumer);
    into.reduces |= from.reduces;
    std::swap(into.members, merged_.members);
    std::swap(into.reads, merged_.reads);
    std::swap(into.inputs, merged_.inputs);
    for (const NodeId input : from.inputs)
      if (flow_.is_op(input)) insert_sorted(kernels_[input].consumers, consumer);
  }
  from.exists = false;
  return FusionRefusal::none;
}

void Fusion::write(const Machine& machine, KernelGraph& kernels) const {
  kernels.root.clear();
  kernels.members.clear();
  kernels.cost.clear();
  kernels.duration_ps.clear();
  kernels.inputs.clear();
  for (const NodeId op : flow_.ops()) {
    const Kernel& kernel = kernels_[op];
    if (!kernel.exists) continue;
    kernels.root.push_back(op);
    kernels.members.push_back(static_cast<uint32_t>(kernel.members.size()));
    kernels.cost.push_back(kernel.cost);
    kernels.duration_ps.push_back(kernel_ps(machine, kernel.cost));
    for (const NodeId input : kernel.inputs) kernels.inputs.add(input);
    kernels.inputs.end_row();
  }
  kernels.consumers.assign_inverse(kernels.inputs, flow_.size());
  check_durations(kernels);
}

}  // namespace timetrial
