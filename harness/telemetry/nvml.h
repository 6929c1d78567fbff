#pragma once

// NVIDIA's management library, loaded when asked for: neither building nor running needs a GPU.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "harness/telemetry/gpu_telemetry.h"

namespace timetrial {

inline constexpr const char* kNvmlLibrary = "libnvidia-ml.so.1";

// Shared by the GPUs that were opened with it; closed with the last of them.
class Nvml;

struct OpenedNvml {
  std::shared_ptr<Nvml> library;  // empty: see problem
  std::string problem;            // "libnvidia-ml.so.1: cannot open shared object file"
};

OpenedNvml open_nvml(const std::string& file = kNvmlLibrary);

std::string driver_version(Nvml& library);  // "" when it does not tell

// All GPUs of the machine, also those that CUDA_VISIBLE_DEVICES hides. `uses_gpu`: this process computes on
// them.
std::vector<std::unique_ptr<GpuTelemetry>> all_gpus(const std::shared_ptr<Nvml>& library, bool uses_gpu);

// By its place on the bus, "0000:3b:00.0"; empty when there is none.
std::unique_ptr<GpuTelemetry> gpu_at(const std::shared_ptr<Nvml>& library, const std::string& bus_id);

}  // namespace timetrial
