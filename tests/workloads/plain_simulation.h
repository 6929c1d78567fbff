#pragma once

// The rules of list_scheduler.h once more, in the plainest way: no queues and no counters, everything is
// looked for among everything whenever time moves on; memory is added up from lifetimes afterwards.

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "workloads/graph_optimizer/simulator/dataflow.h"
#include "workloads/graph_optimizer/simulator/kernel_graph.h"
#include "workloads/graph_optimizer/simulator/op_cost.h"
#include "workloads/graph_optimizer/simulator/timeline.h"

namespace timetrial {

class PlainSimulation {
 public:
  PlainSimulation(const Dataflow& flow, const Machine& machine, const KernelGraph& kernels,
                  const std::vector<uint32_t>& device, const std::vector<int32_t>& level)
      : flow_(flow),
        machine_(machine),
        kernels_(kernels),
        device_(device),
        level_(level),
        started_(kernels.size(), false) {
    for (const NodeId parameter : flow.parameters()) there_[{parameter, device[parameter]}] = 0;
    while (true) {
      start_everything();
      const std::optional<int64_t> next = next_end();
      if (!next) break;
      now_ = *next;
      for (const KernelSpan& span : timeline.kernels)
        if (span.end_ps == now_) there_.emplace(std::pair(span.root, span.device), now_);
      for (const TransferSpan& span : timeline.transfers)
        if (span.end_ps == now_) there_.emplace(std::pair(span.tensor, span.to), now_);
    }
  }

  // The largest sum of what is alive at once on each device.
  std::vector<int64_t> peaks() const {
    struct Life {
      uint32_t device;
      int64_t from, to, bytes;
    };
    std::vector<Life> lives;
    for (const KernelSpan& span : timeline.kernels)
      lives.push_back({span.device, span.start_ps, std::max(span.end_ps, last_use(span.root, span.device)),
                       flow_.node(span.root).output_bytes});
    for (const TransferSpan& span : timeline.transfers)
      lives.push_back(
          {span.to, span.start_ps, last_use(span.tensor, span.to), flow_.node(span.tensor).output_bytes});
    std::vector<int64_t> peaks(machine_.devices, 0);
    for (NodeId id = 0; id < flow_.size(); ++id) peaks[device_[id]] += flow_.node(id).resident_bytes;
    const std::vector<int64_t> resident = peaks;
    for (const Life& beginning : lives) {
      int64_t sum = resident[beginning.device];
      for (const Life& life : lives)
        if (life.device == beginning.device && life.from <= beginning.from && beginning.from < life.to)
          sum += life.bytes;
      peaks[beginning.device] = std::max(peaks[beginning.device], sum);
    }
    return peaks;
  }

  Timeline timeline;

 private:
  bool has(NodeId tensor, uint32_t device) const { return there_.count({tensor, device}) != 0; }

  bool reads_on(uint32_t device, NodeId tensor) const {
    for (const uint32_t kernel : kernels_.consumers[tensor])
      if (device_[kernels_.root[kernel]] == device) return true;
    return false;
  }

  void start_everything() {
    for (uint32_t device = 0; device < machine_.devices; ++device) {
      start_kernel(device);
      start_transfer(device);
    }
  }

  void start_kernel(uint32_t device) {
    for (const KernelSpan& span : timeline.kernels)
      if (span.device == device && span.end_ps > now_) return;
    std::optional<std::tuple<int32_t, int64_t, NodeId, uint32_t>> best;
    for (uint32_t kernel = 0; kernel < kernels_.size(); ++kernel) {
      const NodeId root = kernels_.root[kernel];
      if (started_[kernel] || device_[root] != device) continue;
      int64_t ready = 0;
      bool complete = true;
      for (const NodeId tensor : kernels_.inputs[kernel]) {
        complete = complete && has(tensor, device);
        if (complete) ready = std::max(ready, there_.at({tensor, device}));
      }
      if (!complete) continue;
      const std::tuple candidate(level_.empty() ? 0 : level_[root], ready, root, kernel);
      if (!best || candidate < *best) best = candidate;
    }
    if (!best) return;
    const uint32_t kernel = std::get<3>(*best);
    started_[kernel] = true;
    timeline.kernels.push_back(
        {kernels_.root[kernel], kernels_.members[kernel], device, now_, now_ + kernels_.duration_ps[kernel]});
  }

  void start_transfer(uint32_t device) {
    for (const TransferSpan& span : timeline.transfers)
      if (span.from == device && span.end_ps > now_) return;
    std::optional<std::tuple<int64_t, NodeId, uint32_t>> best;
    for (const auto& [place, since] : there_) {
      const auto [tensor, home] = place;
      if (home != device || device_[tensor] != device) continue;
      for (uint32_t to = 0; to < machine_.devices; ++to) {
        if (to == device || !reads_on(to, tensor) || was_sent(tensor, to)) continue;
        const std::tuple candidate(since, tensor, to);
        if (!best || candidate < *best) best = candidate;
      }
    }
    if (!best) return;
    const auto [since, tensor, to] = *best;
    timeline.transfers.push_back(
        {tensor, device, to, now_, now_ + transfer_ps(machine_, flow_.node(tensor).output_bytes)});
  }

  bool was_sent(NodeId tensor, uint32_t to) const {
    return std::any_of(timeline.transfers.begin(), timeline.transfers.end(),
                       [&](const TransferSpan& span) { return span.tensor == tensor && span.to == to; });
  }

  std::optional<int64_t> next_end() const {
    std::optional<int64_t> next;
    const auto consider = [&](int64_t end) {
      if (end > now_ && (!next || end < *next)) next = end;
    };
    for (const KernelSpan& span : timeline.kernels) consider(span.end_ps);
    for (const TransferSpan& span : timeline.transfers) consider(span.end_ps);
    return next;
  }

  // When the last kernel on the device that reads the tensor, or transfer of it from there, ends; 0 without
  // any.
  int64_t last_use(NodeId tensor, uint32_t device) const {
    int64_t last = 0;
    for (const KernelSpan& span : timeline.kernels)
      for (const uint32_t kernel : kernels_.consumers[tensor])
        if (span.device == device && kernels_.root[kernel] == span.root) last = std::max(last, span.end_ps);
    for (const TransferSpan& span : timeline.transfers)
      if (span.tensor == tensor && span.from == device) last = std::max(last, span.end_ps);
    return last;
  }

  const Dataflow& flow_;
  const Machine& machine_;
  const KernelGraph& kernels_;
  const std::vector<uint32_t>& device_;
  const std::vector<int32_t>& level_;
  std::vector<bool> started_;
  std::map<std::pair<NodeId, uint32_t>, int64_t> there_;  // tensor on device -> since when
  int64_t now_ = 0;
};

}  // namespace timetrial
