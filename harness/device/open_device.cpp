#include <chrono>
#include <filesystem>

#include <dlfcn.h>

#include "harness/device/cpu_device.h"
#include "harness/device/cuda_entry.h"
#include "harness/device/tensor_sync_audit.h"
#include "harness/errors/user_error.h"
#include "harness/machine/machine.h"

namespace timetrial {

namespace {

// The CUDA device is a library of its own, loaded only when asked for: a CPU trial starts without CUDA's half
// gigabyte, and a machine without a GPU needs none of CUDA's runtime packages.
std::unique_ptr<Device> open_cuda_device(const std::string& name, int index) {
  const std::filesystem::path library = program_folder() / ".." / "lib" / kCudaDeviceLibrary;
  if (!std::filesystem::exists(library)) {
    throw UserError({"this build has no CUDA device", "", name,
                     "install the CUDA Toolkit and build again (./dev build picks the cuda preset), or use "
                     "--device cpu"});
  }
  void* handle =
      ::dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL);  // never closed: its threads may outlive us
  if (handle == nullptr) {
    throw UserError({"the CUDA device cannot be loaded", library.string(), ::dlerror(),
                     "where this machine has a GPU, run ./dev setup, which fetches LibTorch's GPU runtime "
                     "packages; else use --device cpu"});
  }
  const auto entry = reinterpret_cast<CudaDeviceEntry>(::dlsym(handle, kCudaDeviceSymbol));
  std::string problem = entry == nullptr ? "its entry point is missing" : "";
  Device* device = entry == nullptr ? nullptr : entry(index, problem);
  if (device == nullptr) {
    throw UserError({"the CUDA device cannot be opened", name, problem,
                     "check nvidia-smi and CUDA_VISIBLE_DEVICES, or use --device cpu"});
  }
  return std::unique_ptr<Device>(device);
}

}  // namespace

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::unique_ptr<SyncAudit> Device::audit_waits() {
  return std::make_unique<TensorSyncAudit>();
}

std::unique_ptr<Device> open_device(const std::string& name) {
  if (name == "cpu") return std::make_unique<CpuDevice>();
  if (name == "cuda") return open_cuda_device(name, 0);
  if (name.rfind("cuda:", 0) == 0 && name.size() == 6 && name[5] >= '0' && name[5] <= '9') {
    return open_cuda_device(name, name[5] - '0');
  }
  throw UserError({"there is no such device", "", name, "use cpu, cuda or cuda:<index>"});
}

}  // namespace timetrial
