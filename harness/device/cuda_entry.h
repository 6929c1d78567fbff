#pragma once

// The one symbol of the CUDA device's library.

#include <string>

#include "harness/device/device.h"

namespace timetrial {

inline constexpr const char* kCudaDeviceLibrary = "libtimetrial_cuda_device.so";
inline constexpr const char* kCudaDeviceSymbol = "timetrial_open_cuda_device";

// Returns nullptr and fills `problem` when there is no such GPU. The caller owns the device.
using CudaDeviceEntry = Device* (*)(int index, std::string& problem);

}  // namespace timetrial
