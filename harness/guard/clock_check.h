#pragma once

// Whether a clock of the process still is the kernel's. A submission shares its address space with the
// harness and could replace the C library's functions.

#include <optional>
#include <string>

namespace timetrial {

// The kernel's monotonic clock in seconds, asked for by an instruction of our own where the processor is
// known, not through the C library.
double kernel_seconds();

// `read` is a clock that should be the kernel's monotonic one. What is wrong with it, with the cure.
std::optional<std::string> clock_fault(double (*read)());

}  // namespace timetrial
