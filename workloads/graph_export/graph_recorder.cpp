#include "workloads/graph_export/graph_recorder.h"

#include <atomic>
#include <exception>
#include <stdexcept>

#include <ATen/SequenceNumber.h>
#include <torch/torch.h>

#include "harness/errors/user_error.h"
#include "workloads/graph_export/meta_kernels.h"
#include "workloads/graph_export/rules.h"
#include "workloads/graph_export/tensor_shape.h"

namespace timetrial {
namespace {

constexpr int64_t kNoSequence = -1;
constexpr const char* kNamespace = "aten::";

std::atomic<GraphRecorder*> recording = nullptr;

// Calls that this thread is in, counted from the outermost one with a rule.
thread_local int calls_within_rule = 0;

std::string without_marks(const std::string& full_name) {
  std::string name = full_name.substr(std::string(kNamespace).size());
  if (name.size() > 1 && name.back() == '_' && name[name.size() - 2] != '_') name.pop_back();
  return name;
}

void lay_flat(const c10::IValue& value, std::vector<at::Tensor>& tensors) {
  if (value.isTensor()) {
    tensors.push_back(value.toTensor());
  } else if (value.isTensorList()) {
    for (const at::Tensor& tensor : value.toTensorVector()) tensors.push_back(tensor);
  }
}

// Attention by its plain formula, recurrent layers by plain cells.
class PlainKernels {
 public:
  PlainKernels()
      : flash_(at::globalContext().userEnabledFlashSDP()),
        efficient_(at::globalContext().userEnabledMemEfficientSDP()),
        onednn_(at::globalContext().userEnabledMkldnn()) {
    set(false, false, false);
  }
  ~PlainKernels() { set(flash_, efficient_, onednn_); }
  PlainKernels(const PlainKernels&) = delete;
  PlainKernels& operator=(const PlainKernels&) = delete;

 private:
  static void set(bool flash, bool efficient, bool onednn) {
    at::globalContext().setSDPUseFlash(flash);
    at::globalContext().setSDPUseMemEfficient(efficient);
    at::globalContext().setUserEnabledMkldnn(onednn);
  }
  bool flash_;
  bool efficient_;
  bool onednn_;
};

class Recording {
 public:
  Recording(GraphRecorder* recorder, at::RecordFunctionCallback callback) {
    GraphRecorder* none = nullptr;
    if (!recording.compare_exchange_strong(none, recorder)) {
      throw std::logic_error("a graph is being recorded already");
    }
    handle_ = at::addThreadLocalCallback(std::move(callback));
  }
  ~Recording() {
    at::removeCallback(handle_);
    recording = nullptr;
  }
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

 private:
  at::CallbackHandle handle_ = at::INVALID_CALLBACK_HANDLE;
};

}  // namespace

struct GraphRecorder::Call : at::ObserverContext {
  RecordedCall recorded;
  std::string operation;  // "aten::add_"; empty for a scope that is no operation
  Rule rule = nullptr;
  bool is_mutable = false;
  int64_t sequence = kNoSequence;
  size_t nodes_before = 0;
};

GraphRecorder::GraphRecorder() : values_(joints(*this)) {
  register_meta_kernels();
}

ValueTable::Joints GraphRecorder::joints(GraphRecorder& recorder) {
  const auto view = [&recorder](Opcode opcode, const at::Tensor& tensor, int32_t operand) {
    return recorder.graph_.add({.opcode = opcode, .operands = {operand}, .output = shape_of(tensor)},
                               OutputKind::view);
  };
  return {
      .input =
          [&recorder](const at::Tensor& tensor) {
            const bool is_number =
                tensor.dim() == 0;  // made by LibTorch out of a number, without being recorded
            if (is_number) return recorder.graph_.add(Opcode::constant, shape_of(tensor), {});
            return recorder.graph_.add(Opcode::parameter, shape_of(tensor), {});
          },
      .view =
          [&recorder, view](const at::Tensor& tensor, int32_t value) {
            const Shape& from = recorder.graph_.node(value).output;
            if (from.dimensions == shape_of(tensor).dimensions) return value;
            const bool all = elements_of(from) == tensor.numel();
            return view(all ? Opcode::reshape : Opcode::slice, tensor, value);
          },
      .overwritten =
          [&recorder](const at::Tensor& tensor, int32_t value, int32_t written) {
            return recorder.graph_.add(Opcode::dynamic_update_slice, shape_of(tensor), {value, written});
          },
      .joined =
          [&recorder](const at::Tensor& tensor, const std::vector<int32_t>& pieces) {
            return recorder.graph_.add(Opcode::concatenate, shape_of(tensor), pieces);
          },
  };
}

int32_t GraphRecorder::declare_input(const std::string& name, const at::Tensor& tensor) {
  const int32_t node = graph_.add_input(name, shape_of(tensor));
  values_.write(tensor, node);
  declared_[tensor.unsafeGetTensorImpl()] = values_.last_write(tensor);
  return node;
}

int32_t GraphRecorder::declare_weight(const std::string& name, const at::Tensor& tensor) {
  const int32_t node = graph_.add_weight(name, shape_of(tensor));
  values_.write(tensor, node);
  declared_[tensor.unsafeGetTensorImpl()] = values_.last_write(tensor);
  return node;
}

int32_t GraphRecorder::node_of(const at::Tensor& tensor) {
  const auto node = values_.read(tensor);
  if (!node) throw std::logic_error("a tensor without a value has no node");
  return *node;
}

bool GraphRecorder::is_written(const at::Tensor& tensor) const {
  const auto declared = declared_.find(tensor.unsafeGetTensorImpl());
  return values_.last_write(tensor) > (declared == declared_.end() ? 0 : declared->second);
}

void GraphRecorder::record(TrainingPhase phase, const std::function<void()>& body) {
  phase_ = phase;
  graph_.begin_phase(phase);
  if (phase == TrainingPhase::backward && graph_.size() > 0) {
    graph_.set_layer(graph_.layer_of(static_cast<int32_t>(graph_.size()) - 1));
  }
  {
    const PlainKernels plain;
    const Recording scope(this, at::RecordFunctionCallback(&entered, &left)
                                    .needsInputs(true)
                                    .needsOutputs(true)
                                    .scopes({at::RecordScope::FUNCTION, at::RecordScope::BACKWARD_FUNCTION}));
    body();
  }
  if (!failure_.empty()) {
    throw UserError(
        {"an operation cannot be made part of a graph: it " + failure_, "", failed_operation_,
         "export on the meta device, where models take plain operations, or give the operation a rule "
         "in workloads/graph_export"});
  }
}

std::unique_ptr<at::ObserverContext> GraphRecorder::entered(const at::RecordFunction& function) {
  GraphRecorder* recorder = recording;
  if (recorder == nullptr || calls_within_rule > 0) {
    ++calls_within_rule;
    return nullptr;
  }
  auto call = recorder->begin(function);
  if (call->rule != nullptr) calls_within_rule = 1;
  return call;
}

void GraphRecorder::left(const at::RecordFunction& function, at::ObserverContext* context) {
  if (context == nullptr) {
    --calls_within_rule;
    return;
  }
  auto& call = static_cast<Call&>(*context);
  if (call.rule != nullptr) calls_within_rule = 0;
  if (GraphRecorder* recorder = recording) recorder->finish(call, function);
}

std::unique_ptr<GraphRecorder::Call> GraphRecorder::begin(const at::RecordFunction& function) {
  auto call = std::make_unique<Call>();
  const std::lock_guard lock(mutex_);
  call->nodes_before = graph_.size();
  call->sequence = function.seqNr();
  if (function.scope() == at::RecordScope::BACKWARD_FUNCTION) {
    // Of the forward operation with that number, or of the last one before it.
    const auto after = layer_by_sequence_.upper_bound(call->sequence);
    if (call->sequence != kNoSequence && after != layer_by_sequence_.begin())
      graph_.set_layer(std::prev(after)->second);
    return call;
  }
  const auto name = function.operator_name();
  if (!name || name->name.rfind(kNamespace, 0) != 0) return call;
  call->operation = name->name;
  call->recorded.name = without_marks(name->name);
  call->recorded.overload = name->overload_name;
  const auto rule = translation_rules().find(call->recorded.name);
  if (rule != translation_rules().end()) {
    call->rule = rule->second;
    call->recorded.inputs.assign(function.inputs().begin(), function.inputs().end());
  } else if (const auto schema = function.operator_schema()) {
    call->is_mutable = schema->is_mutable();
  }
  return call;
}

void GraphRecorder::finish(Call& call, const at::RecordFunction& function) {
  if (call.operation.empty() || std::uncaught_exceptions() > 0) return;
  const at::DisableRecordFunctionGuard unrecorded;
  const std::lock_guard lock(mutex_);
  if (!failure_.empty()) return;
  for (const c10::IValue& output : function.outputs()) lay_flat(output, call.recorded.outputs);
  try {
    if (call.rule == nullptr) return check_composed(call);
    translate(call);
  } catch (const std::exception& error) {
    fail(call.operation, error.what());
  }
}

void GraphRecorder::translate(Call& call) {
  graph_.begin_operation(call.operation);
  Translation translation(call.recorded, values_, graph_);
  call.rule(translation);
  if (phase_ != TrainingPhase::forward || graph_.size() == call.nodes_before) return;
  // Within a function of a model's own nothing is differentiated: its number is the last that autograd gave.
  const int64_t sequence =
      call.sequence != kNoSequence ? call.sequence : static_cast<int64_t>(at::sequence_number::peek()) - 1;
  layer_by_sequence_[sequence] = graph_.layer_of(static_cast<int32_t>(graph_.size()) - 1);
}

void GraphRecorder::check_composed(const Call& call) {
  if (call.is_mutable && graph_.size() == call.nodes_before) return fail(call.operation, "has no rule");
  for (const at::Tensor& output : call.recorded.outputs) {
    if (output.defined() && !values_.knows(output)) return fail(call.operation, "has no rule");
  }
}

void GraphRecorder::fail(const std::string& operation, const std::string& what) {
  failure_ = what;
  failed_operation_ = operation;
}

}  // namespace timetrial
