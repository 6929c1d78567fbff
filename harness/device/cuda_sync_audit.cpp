#include "harness/device/cuda_sync_audit.h"

#include <string>
#include <string_view>

#include <cuda_runtime.h>
#include <cupti.h>
#include <pthread.h>

#include "harness/device/device.h"
#include "harness/errors/user_error.h"
#include "harness/waits/cuda_wait.h"

namespace timetrial {

namespace {

void require(CUptiResult result, const std::string& what) {
  if (result == CUPTI_SUCCESS) return;
  const char* reason = nullptr;
  cuptiGetResultString(result, &reason);
  throw UserError({what, "--audit-sync", reason != nullptr ? reason : std::to_string(result),
                   "end other profilers of this process (nsys, ncu, Kineto), or run without --audit-sync"});
}

MemoryKind kind_of(const void* address) {
  cudaPointerAttributes attributes{};
  if (cudaPointerGetAttributes(&attributes, address) != cudaSuccess) return MemoryKind::unknown;
  switch (attributes.type) {
    case cudaMemoryTypeDevice:
      return MemoryKind::device;
    case cudaMemoryTypeHost:
      return MemoryKind::pinned_host;
    case cudaMemoryTypeManaged:
      return MemoryKind::managed;
    default:
      return MemoryKind::pageable_host;
  }
}

// How the parameters of copies and memsets begin, in the runtime's structures as in the driver's.
struct LinearCopy {
  const void* to;
  const void* from;
};
struct PitchedCopy {
  const void* to;
  size_t pitch;
  const void* from;
};

// Of copies with descriptors or arrays nothing is looked up.
MemoryTouched memory_of(std::string_view name, const void* parameters) {
  if (name.find("emset") != std::string_view::npos)
    return {MemoryKind::unknown, kind_of(*static_cast<const void* const*>(parameters))};
  if (name == "cudaMemcpy2D" || name == "cudaMemcpy2DAsync") {
    const auto* copy = static_cast<const PitchedCopy*>(parameters);
    return {kind_of(copy->from), kind_of(copy->to)};
  }
  for (const std::string_view linear :
       {"cudaMemcpy", "cudaMemcpyAsync", "cuMemcpy", "cuMemcpyAsync", "cuMemcpyHtoD", "cuMemcpyHtoDAsync",
        "cuMemcpyDtoH", "cuMemcpyDtoHAsync", "cuMemcpyDtoD", "cuMemcpyDtoDAsync"}) {
    if (name != linear) continue;
    const auto* copy = static_cast<const LinearCopy*>(parameters);
    return {kind_of(copy->from), kind_of(copy->to)};
  }
  return {};
}

// LibTorch names its autograd engine's threads so.
bool is_autograd_thread() {
  char name[16] = {};
  return pthread_getname_np(pthread_self(), name, sizeof(name)) == 0 &&
         std::string_view(name).starts_with("pt_autograd");
}

// The calls that a thread is in.
struct OpenCalls {
  int depth = 0;
  int waiting_depth = 0;       // of the call that waits; 0: none so far in this outermost call
  bool is_looking_up = false;  // our own question about memory comes by here as well
  std::string outermost;
  CallStack stack;
  double begin = 0;
};

OpenCalls& calls_of_thread() {
  static thread_local OpenCalls calls;
  return calls;
}

}  // namespace

struct CudaSyncAudit::Subscription {
  explicit Subscription(CudaSyncAudit& owner) : audit(owner), thread(pthread_self()) {
    require(cuptiSubscribe(&handle, &Subscription::on_call, this), "the calls of CUDA cannot be observed");
    for (const CUpti_CallbackDomain domain : {CUPTI_CB_DOMAIN_RUNTIME_API, CUPTI_CB_DOMAIN_DRIVER_API}) {
      const CUptiResult result = cuptiEnableDomain(1, handle, domain);
      if (result != CUPTI_SUCCESS) cuptiUnsubscribe(handle);
      require(result, "the calls of CUDA cannot be observed");
    }
  }
  ~Subscription() { cuptiUnsubscribe(handle); }

  bool counts_here() const {
    static thread_local const bool is_autograd = is_autograd_thread();
    return pthread_equal(thread, pthread_self()) != 0 || is_autograd;
  }

  static void CUPTIAPI on_call(void* user, CUpti_CallbackDomain domain, CUpti_CallbackId /*id*/,
                               const void* data) {
    if (domain != CUPTI_CB_DOMAIN_RUNTIME_API && domain != CUPTI_CB_DOMAIN_DRIVER_API) return;
    auto& self = *static_cast<Subscription*>(user);
    OpenCalls& calls = calls_of_thread();
    if (calls.is_looking_up || !self.counts_here()) return;
    const auto& call = *static_cast<const CUpti_CallbackData*>(data);
    if (call.callbackSite == CUPTI_API_ENTER) {
      self.entered(call, calls);
    } else if (call.callbackSite == CUPTI_API_EXIT && calls.depth > 0) {
      self.left(calls);
    }
  }

  void entered(const CUpti_CallbackData& call, OpenCalls& calls) const {
    const std::string_view name = plain_call_name(call.functionName);
    if (calls.depth++ == 0) {
      calls.waiting_depth = 0;
      calls.outermost = name;
    }
    if (calls.waiting_depth != 0 || audit.region() == nullptr) return;
    MemoryTouched memory;
    if (depends_on_memory(name)) {
      calls.is_looking_up = true;
      memory = memory_of(name, call.functionParams);
      calls.is_looking_up = false;
    }
    if (!cuda_call_waits(name, memory)) return;
    calls.waiting_depth = calls.depth;
    calls.stack = current_call_stack();
    calls.begin = steady_seconds();
  }

  // Closes the innermost call; a later wait in the same outermost call is not counted again.
  void left(OpenCalls& calls) const {
    const char* region = audit.region();
    if (calls.depth == calls.waiting_depth && region != nullptr) {
      audit.found().add(region, calls.outermost, std::move(calls.stack), steady_seconds() - calls.begin);
    }
    --calls.depth;
  }

  CudaSyncAudit& audit;
  pthread_t thread;
  CUpti_SubscriberHandle handle = nullptr;
};

CudaSyncAudit::CudaSyncAudit() : subscription_(std::make_unique<Subscription>(*this)) {}

CudaSyncAudit::~CudaSyncAudit() = default;

}  // namespace timetrial
