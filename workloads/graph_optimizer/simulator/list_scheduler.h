#pragma once

// A discrete-event simulation of kernels on devices, after the simulator of Placeto (arXiv 1906.08879,
// appendix A.5), with priorities in the queue. The rules:
//
// A device runs one kernel at a time. A kernel is ready when all tensors it reads are on its device. Of the
// ready ones the first by (level, time it became ready, id of its root) starts as soon as the device is free.
//
// A tensor that a kernel elsewhere reads is sent once to every such device, after it is written (a parameter
// at time 0), as a whole. A device sends one tensor at a time, in the order in which they were written
// (parameters by id), to the lower device first; that takes latency + bytes / link, while kernels run.
// Receiving has no limit.
//
// At one time all that ends comes before anything that starts.
//
// Memory: resident bytes from the beginning to the end. The output of a kernel from its start until the last
// of its readers on the device and of its transfers has ended, or, without any, until the kernel ends. A sent
// tensor at its destination from the start of the transfer until its last reader there has ended.
//
// Times are whole picoseconds and events are ordered by (time, sequence): the same numbers on every machine.

#include <cstdint>
#include <span>
#include <vector>

#include "workloads/graph_optimizer/simulator/dataflow.h"
#include "workloads/graph_optimizer/simulator/kernel_graph.h"
#include "workloads/graph_optimizer/simulator/machine.h"
#include "workloads/graph_optimizer/simulator/simulation_result.h"
#include "workloads/graph_optimizer/simulator/timeline.h"

namespace timetrial {

struct ScheduledKernels {
  const KernelGraph& kernels;
  std::span<const uint32_t> device;  // of every node, units on one device
  std::span<const int32_t> level;    // of every node, or empty: all 0
};

// One object a thread; used again it allocates nothing but the result.
class ListScheduler {
 public:
  // `flow` must outlive it.
  ListScheduler(const Dataflow& flow, const Machine& machine);

  SimulationResult run(const ScheduledKernels& scheduled, Timeline* timeline);

 private:
  struct Ready {
    int32_t level;
    uint32_t kernel;  // ascending with the root's id
    int64_t since_ps;

    bool operator>(const Ready& other) const {
      if (level != other.level) return level > other.level;
      if (since_ps != other.since_ps) return since_ps > other.since_ps;
      return kernel > other.kernel;
    }
  };
  struct Transfer {
    NodeId tensor;
    uint32_t to;
  };
  struct Device {
    std::vector<Ready> ready;        // a heap
    std::vector<Transfer> outgoing;  // from `sent` on still to go
    size_t sent = 0;
    bool computing = false, sending = false;
    uint32_t kernel = 0;  // that it computes
    int64_t used_bytes = 0;
  };
  struct Event {
    int64_t time_ps;
    uint64_t sequence;
    uint32_t device;
    bool transfer;  // what ends: a transfer that the device sends, or its kernel

    bool operator>(const Event& other) const {
      return time_ps != other.time_ps ? time_ps > other.time_ps : sequence > other.sequence;
    }
  };

  void prepare();
  void start_what_can(int64_t now_ps);
  void start_kernel(uint32_t device, int64_t now_ps);
  void start_transfer(uint32_t device, int64_t now_ps);
  void end(const Event& event);
  // The tensor is complete on its own device.
  void publish(NodeId tensor, int64_t now_ps);
  void arrive(NodeId tensor, uint32_t device, int64_t now_ps);
  void make_ready(uint32_t kernel, int64_t now_ps);
  void release(NodeId tensor, uint32_t device);
  void free_memory(NodeId tensor, uint32_t device);
  void take_memory(NodeId tensor, uint32_t device);
  void schedule_end(uint32_t device, bool transfer, int64_t now_ps, int64_t duration_ps);
  uint32_t device_of(uint32_t kernel) const { return device_of_kernel_[kernel]; }
  // How many still need a tensor on a device: kernels there, transfers from there.
  uint32_t& uses(NodeId tensor, uint32_t device) { return uses_[size_t{tensor} * devices_.size() + device]; }

  const Dataflow& flow_;
  const Machine machine_;
  std::vector<int64_t> transfer_ps_;             // of every tensor
  std::vector<NodeId> residents_;                // nodes with resident bytes
  const ScheduledKernels* scheduled_ = nullptr;  // during run()
  Timeline* timeline_ = nullptr;                 // during run()
  SimulationResult result_;
  std::vector<Device> devices_;
  std::vector<Event> events_;  // a heap
  uint64_t sequence_ = 0;
  uint32_t ended_ = 0;  // kernels
  std::vector<uint32_t> device_of_kernel_;
  std::vector<uint32_t> missing_;  // of every kernel: tensors that are not on its device yet
  std::vector<uint32_t> uses_;     // of every tensor on every device
};

}  // namespace timetrial
