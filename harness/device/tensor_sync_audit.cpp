#include "harness/device/tensor_sync_audit.h"

#include <memory>
#include <optional>
#include <stdexcept>

#include <ATen/core/function_schema.h>
#include <ATen/record_function.h>

#include "harness/device/device.h"
#include "harness/waits/tensor_wait.h"

namespace timetrial {

namespace {

const c10::IValue* argument(const at::RecordFunction& call, const c10::FunctionSchema& schema,
                            const std::string& name) {
  const std::optional<int> index = schema.argumentIndexWithName(name);
  if (!index || static_cast<std::size_t>(*index) >= call.inputs().size()) return nullptr;
  return &call.inputs()[static_cast<std::size_t>(*index)];
}

bool is_mask(const c10::IValue& index) {
  if (!index.isTensor() || !index.toTensor().defined()) return false;
  const at::ScalarType type = index.toTensor().scalar_type();
  return type == at::kBool || type == at::kByte;
}

bool has_mask(const c10::IValue& indices) {
  if (!indices.isList()) return false;
  for (const c10::IValue& index : indices.toListRef()) {
    if (is_mask(index)) return true;
  }
  return false;
}

TensorCall facts_of(const at::RecordFunction& call) {
  TensorCall facts;
  const std::optional<c10::FunctionSchema> schema = call.operator_schema();
  if (!schema) return facts;
  if (const auto* device = argument(call, *schema, "device")) facts.names_device = !device->isNone();
  if (const auto* non_blocking = argument(call, *schema, "non_blocking"))
    facts.non_blocking = non_blocking->isBool() && non_blocking->toBool();
  if (const auto* indices = argument(call, *schema, "indices")) facts.has_mask = has_mask(*indices);
  // Of repeat_interleave: the result's size follows from a number of repeats, or is given beside a tensor.
  const auto* size = argument(call, *schema, "output_size");
  const auto* repeats = argument(call, *schema, "repeats");
  facts.gives_size = (size != nullptr && !size->isNone()) || (repeats != nullptr && !repeats->isTensor());
  return facts;
}

}  // namespace

struct TensorSyncAudit::Observer {
  struct Wait final : at::ObserverContext {
    bool counts = false;
    CallStack stack;
    double begin = 0;
  };

  static thread_local TensorSyncAudit* audit;
  static thread_local bool is_inside;  // of an operation that answers for all it is made of

  static std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& call) {
    if (is_inside || audit == nullptr || audit->region() == nullptr) return nullptr;
    const TensorWait wait = tensor_wait(call.name());
    if (wait == TensorWait::never) return nullptr;
    const bool counts = wait == TensorWait::always || waits(wait, facts_of(call));
    if (!counts && wait != TensorWait::never_inside) return nullptr;
    is_inside = true;
    auto context = std::make_unique<Wait>();
    context->counts = counts;
    if (!counts) return context;
    context->stack = current_call_stack();
    context->begin = steady_seconds();
    return context;
  }

  static void end(const at::RecordFunction& call, at::ObserverContext* context) {
    if (context == nullptr) return;
    auto& wait = static_cast<Wait&>(*context);
    is_inside = false;
    if (!wait.counts) return;
    audit->found().add(audit->region(), call.name(), std::move(wait.stack), steady_seconds() - wait.begin);
  }
};

thread_local TensorSyncAudit* TensorSyncAudit::Observer::audit = nullptr;
thread_local bool TensorSyncAudit::Observer::is_inside = false;

TensorSyncAudit::TensorSyncAudit() {
  if (Observer::audit != nullptr) throw std::logic_error("this thread is audited already");
  Observer::audit = this;
  handle_ = at::addThreadLocalCallback(at::RecordFunctionCallback(&Observer::begin, &Observer::end)
                                           .needsInputs(true)
                                           .scopes({at::RecordScope::FUNCTION}));
}

TensorSyncAudit::~TensorSyncAudit() {
  at::removeCallback(handle_);
  Observer::audit = nullptr;
}

}  // namespace timetrial
