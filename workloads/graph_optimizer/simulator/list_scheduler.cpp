#include "workloads/graph_optimizer/simulator/list_scheduler.h"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <utility>

namespace timetrial {

ListScheduler::ListScheduler(const Dataflow& flow, const Machine& machine)
    : flow_(flow), machine_(machine), devices_(machine.devices) {
  for (NodeId id = 0; id < flow.size(); ++id) {
    transfer_ps_.push_back(transfer_ps(machine, flow.output_bytes(id)));
    if (flow.node(id).resident_bytes != 0) residents_.push_back(id);
  }
}

SimulationResult ListScheduler::run(const ScheduledKernels& scheduled, Timeline* timeline) {
  scheduled_ = &scheduled;
  timeline_ = timeline;
  prepare();
  for (const NodeId parameter : flow_.parameters()) publish(parameter, 0);
  for (uint32_t kernel = 0; kernel < scheduled.kernels.size(); ++kernel)
    if (scheduled.kernels.inputs[kernel].empty()) make_ready(kernel, 0);
  start_what_can(0);
  while (!events_.empty()) {
    const int64_t now_ps = events_.front().time_ps;
    while (!events_.empty() && events_.front().time_ps == now_ps) {
      std::pop_heap(events_.begin(), events_.end(), std::greater<>());
      const Event event = events_.back();
      events_.pop_back();
      end(event);
    }
    start_what_can(now_ps);
    result_.makespan_ps = now_ps;
  }
  if (ended_ != scheduled.kernels.size())
    throw std::logic_error("a simulation ended with kernels that never ran");
  for (const int64_t peak : result_.peak_bytes)
    result_.excess_bytes += std::max<int64_t>(0, peak - machine_.memory_bytes);
  return std::move(result_);
}

void ListScheduler::prepare() {
  const KernelGraph& kernels = scheduled_->kernels;
  const size_t count = devices_.size();
  result_ = {};
  result_.busy_ps.assign(count, 0);
  result_.sending_ps.assign(count, 0);
  result_.kernels = kernels.size();
  if (timeline_ != nullptr) *timeline_ = {};
  events_.clear();
  sequence_ = 0;
  ended_ = 0;
  for (Device& device : devices_) {
    device.ready.clear();
    device.outgoing.clear();
    device.sent = 0;
    device.computing = device.sending = false;
    device.used_bytes = 0;
  }
  for (const NodeId id : residents_)
    devices_[scheduled_->device[id]].used_bytes += flow_.node(id).resident_bytes;
  for (const Device& device : devices_) result_.peak_bytes.push_back(device.used_bytes);
  uses_.assign(flow_.size() * count, 0);
  missing_.resize(kernels.size());
  device_of_kernel_.resize(kernels.size());
  for (uint32_t kernel = 0; kernel < kernels.size(); ++kernel) {
    const auto inputs = kernels.inputs[kernel];
    missing_[kernel] = static_cast<uint32_t>(inputs.size());
    device_of_kernel_[kernel] = scheduled_->device[kernels.root[kernel]];
    for (const NodeId tensor : inputs) ++uses(tensor, device_of(kernel));
  }
}

void ListScheduler::start_what_can(int64_t now_ps) {
  for (uint32_t device = 0; device < devices_.size(); ++device) {
    const Device& state = devices_[device];
    if (!state.computing && !state.ready.empty()) start_kernel(device, now_ps);
    if (!state.sending && state.sent < state.outgoing.size()) start_transfer(device, now_ps);
  }
}

void ListScheduler::start_kernel(uint32_t device, int64_t now_ps) {
  Device& state = devices_[device];
  std::pop_heap(state.ready.begin(), state.ready.end(), std::greater<>());
  state.kernel = state.ready.back().kernel;
  state.ready.pop_back();
  state.computing = true;
  const KernelGraph& kernels = scheduled_->kernels;
  const int64_t duration_ps = kernels.duration_ps[state.kernel];
  take_memory(kernels.root[state.kernel], device);
  schedule_end(device, false, now_ps, duration_ps);
  result_.busy_ps[device] += duration_ps;
  if (timeline_ != nullptr)
    timeline_->kernels.push_back(
        {kernels.root[state.kernel], kernels.members[state.kernel], device, now_ps, now_ps + duration_ps});
}

void ListScheduler::start_transfer(uint32_t device, int64_t now_ps) {
  Device& state = devices_[device];
  const Transfer transfer = state.outgoing[state.sent];
  state.sending = true;
  const int64_t duration_ps = transfer_ps_[transfer.tensor];
  take_memory(transfer.tensor, transfer.to);
  schedule_end(device, true, now_ps, duration_ps);
  result_.sending_ps[device] += duration_ps;
  result_.transferred_bytes += flow_.output_bytes(transfer.tensor);
  ++result_.transfers;
  if (timeline_ != nullptr)
    timeline_->transfers.push_back({transfer.tensor, device, transfer.to, now_ps, now_ps + duration_ps});
}

void ListScheduler::schedule_end(uint32_t device, bool transfer, int64_t now_ps, int64_t duration_ps) {
  int64_t end_ps = 0;
  if (__builtin_add_overflow(now_ps, duration_ps, &end_ps))
    throw std::logic_error("a simulated step takes longer than int64 picoseconds can say");
  events_.push_back({end_ps, sequence_++, device, transfer});
  std::push_heap(events_.begin(), events_.end(), std::greater<>());
}

void ListScheduler::end(const Event& event) {
  Device& state = devices_[event.device];
  if (event.transfer) {
    const Transfer transfer = state.outgoing[state.sent++];
    state.sending = false;
    release(transfer.tensor, event.device);
    arrive(transfer.tensor, transfer.to, event.time_ps);
    return;
  }
  const KernelGraph& kernels = scheduled_->kernels;
  const NodeId root = kernels.root[state.kernel];
  state.computing = false;
  ++ended_;
  publish(root, event.time_ps);
  for (const NodeId tensor : kernels.inputs[state.kernel]) release(tensor, event.device);
  if (uses(root, event.device) == 0) free_memory(root, event.device);
}

void ListScheduler::publish(NodeId tensor, int64_t now_ps) {
  const uint32_t home = scheduled_->device[tensor];
  arrive(tensor, home, now_ps);
  for (uint32_t device = 0; device < devices_.size(); ++device) {
    if (device == home || uses(tensor, device) == 0) continue;
    devices_[home].outgoing.push_back({tensor, device});
    ++uses(tensor, home);
  }
}

void ListScheduler::arrive(NodeId tensor, uint32_t device, int64_t now_ps) {
  if (uses(tensor, device) == 0) return;
  for (const uint32_t kernel : scheduled_->kernels.consumers[tensor])
    if (device_of(kernel) == device && --missing_[kernel] == 0) make_ready(kernel, now_ps);
}

void ListScheduler::make_ready(uint32_t kernel, int64_t now_ps) {
  auto& ready = devices_[device_of(kernel)].ready;
  const auto level = scheduled_->level;
  ready.push_back({level.empty() ? 0 : level[scheduled_->kernels.root[kernel]], kernel, now_ps});
  std::push_heap(ready.begin(), ready.end(), std::greater<>());
}

void ListScheduler::release(NodeId tensor, uint32_t device) {
  if (--uses(tensor, device) == 0) free_memory(tensor, device);
}

void ListScheduler::free_memory(NodeId tensor, uint32_t device) {
  const bool stays = !flow_.is_op(tensor) && scheduled_->device[tensor] == device;  // a parameter, at home
  if (!stays) devices_[device].used_bytes -= flow_.output_bytes(tensor);
}

void ListScheduler::take_memory(NodeId tensor, uint32_t device) {
  int64_t& used = devices_[device].used_bytes;
  used += flow_.output_bytes(tensor);
  result_.peak_bytes[device] = std::max(result_.peak_bytes[device], used);
}

}  // namespace timetrial
