#pragma once

// Records what LibTorch executes as a graph: every operation that the dispatcher calls, on the thread that
// records and on those that autograd runs for it.
//
// Calls nest: of a call, the outermost operation with a rule (rules.h) becomes nodes, and what its kernel
// calls in turn does not, so that a graph does not depend on how a device computes an operation. An operation
// without a rule must consist of others; one that computes something all the same is an error that names it.
//
// A kernel that works on memory behind the dispatcher's back, as some of our models have on the CPU, is found
// where it fills floating-point memory that nothing wrote before (at::empty) and that is read later. It is
// NOT found where it fills memory that already has a value (at::zeros) or integers, which are taken for
// constants: then the graph lacks edges. The meta device has no memory to write, so there every edge is
// recorded.

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/record_function.h>

#include "workloads/graph_export/graph_builder.h"
#include "workloads/graph_export/translation.h"
#include "workloads/graph_export/value_table.h"

namespace timetrial {

class GraphRecorder {
 public:
  GraphRecorder();

  // Before what uses them. Tensors are kept until the recorder ends.
  int32_t declare_input(const std::string& name, const at::Tensor& tensor);
  int32_t declare_weight(const std::string& name, const at::Tensor& tensor);

  // Runs `body` and records it as part of `phase`. Attention and recurrent layers take the way of plain
  // operations while it runs, as they do on the meta device. One recording at a time in a process: a second
  // throws std::logic_error. Throws UserError for an operation that the graph has no words for, and what
  // `body` throws.
  void record(TrainingPhase phase, const std::function<void()>& body);

  // The node whose output the tensor is now.
  int32_t node_of(const at::Tensor& tensor);

  // Whether the memory was written since it was declared.
  bool is_written(const at::Tensor& tensor) const;

  GraphBuilder& graph() { return graph_; }

 private:
  struct Call;
  static std::unique_ptr<at::ObserverContext> entered(const at::RecordFunction& function);
  static void left(const at::RecordFunction& function, at::ObserverContext* context);

  std::unique_ptr<Call> begin(const at::RecordFunction& function);
  void finish(Call& call, const at::RecordFunction& function);
  void translate(Call& call);
  void check_composed(const Call& call);
  void fail(const std::string& operation, const std::string& what);

  static ValueTable::Joints joints(GraphRecorder& recorder);

  std::mutex mutex_;
  GraphBuilder graph_;
  ValueTable values_;
  TrainingPhase phase_ = TrainingPhase::forward;
  std::map<int64_t, int32_t>
      layer_by_sequence_;                    // of autograd's numbers for the operations of the forward pass
  std::map<const void*, int64_t> declared_;  // when
  std::string failure_;                      // the first
  std::string failed_operation_;
};

}  // namespace timetrial
