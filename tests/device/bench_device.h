#pragma once

// The device of a benchmark: what TIMETRIAL_BENCH_DEVICE names, such as cuda; the CPU if it names none.

#include <cstdlib>
#include <memory>

#include "harness/device/device.h"

namespace timetrial {

inline Device& bench_device() {
  static const std::unique_ptr<Device> opened = [] {
    const char* name = std::getenv("TIMETRIAL_BENCH_DEVICE");
    return open_device(name == nullptr ? "cpu" : name);
  }();
  return *opened;
}

}  // namespace timetrial
