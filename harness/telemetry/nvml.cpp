#include "harness/telemetry/nvml.h"

#include <array>
#include <cstring>
#include <utility>

#include <dlfcn.h>
#include <unistd.h>

#include "harness/telemetry/gpu_processes.h"
#include "harness/telemetry/throttle_reasons.h"

namespace timetrial {

// The few declarations that are needed, as NVML's binary interface has them: its header is part of the CUDA
// toolkit, which a build for CPUs does without.
namespace nvml {

using Handle = void*;
using Result = int;
constexpr Result kDone = 0;
constexpr Result kBufferTooSmall = 7;
constexpr int kSmClock = 1;
constexpr int kMemoryClock = 2;
constexpr int kGpuSensor = 0;

struct Utilization {
  unsigned int gpu = 0;
  unsigned int memory = 0;
};

struct ProcessEntry {
  unsigned int pid = 0;
  unsigned long long used_memory = 0;
  unsigned int gpu_instance = 0;
  unsigned int compute_instance = 0;
};

constexpr std::size_t kMostProcesses = 128;

}  // namespace nvml

using namespace nvml;

class Nvml {
 public:
  explicit Nvml(void* library) : library_(library) {
    find("nvmlInit_v2", init);
    find("nvmlShutdown", shutdown);
    find("nvmlSystemGetDriverVersion", driver_version);
    find("nvmlDeviceGetCount_v2", count);
    find("nvmlDeviceGetHandleByIndex_v2", by_index);
    find("nvmlDeviceGetHandleByPciBusId_v2", by_bus_id);
    find("nvmlDeviceGetName", name);
    find("nvmlDeviceGetClockInfo", clock);
    find("nvmlDeviceGetTemperature", temperature);
    find("nvmlDeviceGetPowerUsage", power);
    find("nvmlDeviceGetUtilizationRates", utilization);
    find("nvmlDeviceGetComputeRunningProcesses_v3", processes);
    if (!find("nvmlDeviceGetCurrentClocksEventReasons", reasons))
      find("nvmlDeviceGetCurrentClocksThrottleReasons", reasons);  // its name before driver 535
    started_ = init != nullptr && init() == kDone;
  }
  ~Nvml() {
    if (started_ && shutdown != nullptr) shutdown();
    ::dlclose(library_);
  }
  Nvml(const Nvml&) = delete;
  Nvml& operator=(const Nvml&) = delete;

  bool started() const { return started_; }

  Result (*init)() = nullptr;
  Result (*shutdown)() = nullptr;
  Result (*driver_version)(char*, unsigned int) = nullptr;
  Result (*count)(unsigned int*) = nullptr;
  Result (*by_index)(unsigned int, Handle*) = nullptr;
  Result (*by_bus_id)(const char*, Handle*) = nullptr;
  Result (*name)(Handle, char*, unsigned int) = nullptr;
  Result (*clock)(Handle, int, unsigned int*) = nullptr;
  Result (*temperature)(Handle, int, unsigned int*) = nullptr;
  Result (*power)(Handle, unsigned int*) = nullptr;
  Result (*utilization)(Handle, Utilization*) = nullptr;
  Result (*processes)(Handle, unsigned int*, ProcessEntry*) = nullptr;
  Result (*reasons)(Handle, unsigned long long*) = nullptr;

 private:
  template <typename Function>
  bool find(const char* symbol, Function& function) {
    function = reinterpret_cast<Function>(::dlsym(library_, symbol));
    return function != nullptr;
  }

  void* library_;
  bool started_ = false;
};

namespace {

std::string name_in(const std::array<char, 128>& letters) {
  return std::string(letters.data(), ::strnlen(letters.data(), letters.size()));
}

class NvmlGpu final : public GpuTelemetry {
 public:
  NvmlGpu(std::shared_ptr<Nvml> library, Handle handle, bool uses_gpu)
      : library_(std::move(library)), handle_(handle), uses_gpu_(uses_gpu) {}

  std::string name() const override {
    std::array<char, 128> letters{};
    if (library_->name == nullptr || library_->name(handle_, letters.data(), letters.size()) != kDone)
      return "GPU";
    return name_in(letters);
  }

  void add_to(MachineReading& reading) override {
    add_number(reading, "gpu_sm_mhz", 1, library_->clock, kSmClock);
    add_number(reading, "gpu_memory_mhz", 1, library_->clock, kMemoryClock);
    add_number(reading, "gpu_celsius", 1, library_->temperature, kGpuSensor);
    add_number(reading, "gpu_watts", 0.001, library_->power);
    Utilization busy;
    if (library_->utilization != nullptr && library_->utilization(handle_, &busy) == kDone)
      reading.quantities["gpu_busy_percent"] = busy.gpu;
    unsigned long long bits = 0;
    if (library_->reasons != nullptr && library_->reasons(handle_, &bits) == kDone)
      reading.throttle_reasons.merge(throttle_reasons(bits));
    add_processes(reading);
  }

 private:
  template <typename Function, typename... Arguments>
  void add_number(MachineReading& reading, const char* quantity, double unit, Function function,
                  Arguments... arguments) {
    unsigned int value = 0;
    if (function != nullptr && function(handle_, arguments..., &value) == kDone)
      reading.quantities[quantity] = unit * value;
  }

  void add_processes(MachineReading& reading) {
    if (library_->processes == nullptr) return;
    std::array<ProcessEntry, kMostProcesses> entries;
    auto count = static_cast<unsigned int>(entries.size());
    const Result result = library_->processes(handle_, &count, entries.data());
    if (result != kDone && result != kBufferTooSmall) return;
    std::vector<int64_t> listed;
    for (unsigned int i = 0; i < count && i < entries.size(); ++i) listed.push_back(entries[i].pid);
    reading.quantities["gpu_other_processes"] =
        static_cast<double>(other_processes(listed, ::getpid(), uses_gpu_));
  }

  std::shared_ptr<Nvml> library_;
  Handle handle_;
  bool uses_gpu_;
};

}  // namespace

OpenedNvml open_nvml(const std::string& file) {
  void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* why = ::dlerror();
    return {nullptr, why != nullptr ? why : file + " cannot be loaded"};
  }
  auto opened = std::make_shared<Nvml>(library);
  if (!opened->started()) return {nullptr, file + " finds no driver"};
  return {std::move(opened), ""};
}

std::string driver_version(Nvml& library) {
  std::array<char, 128> letters{};
  if (library.driver_version == nullptr || library.driver_version(letters.data(), letters.size()) != kDone)
    return "";
  return name_in(letters);
}

std::vector<std::unique_ptr<GpuTelemetry>> all_gpus(const std::shared_ptr<Nvml>& library, bool uses_gpu) {
  std::vector<std::unique_ptr<GpuTelemetry>> gpus;
  unsigned int count = 0;
  if (library->count == nullptr || library->by_index == nullptr || library->count(&count) != kDone)
    return gpus;
  for (unsigned int i = 0; i < count; ++i) {
    Handle handle = nullptr;
    if (library->by_index(i, &handle) == kDone)
      gpus.push_back(std::make_unique<NvmlGpu>(library, handle, uses_gpu));
  }
  return gpus;
}

std::unique_ptr<GpuTelemetry> gpu_at(const std::shared_ptr<Nvml>& library, const std::string& bus_id) {
  Handle handle = nullptr;
  if (library->by_bus_id == nullptr || library->by_bus_id(bus_id.c_str(), &handle) != kDone) return nullptr;
  return std::make_unique<NvmlGpu>(library, handle, /*uses_gpu=*/true);
}

}  // namespace timetrial
