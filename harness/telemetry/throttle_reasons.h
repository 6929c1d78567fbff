#pragma once

// Why a GPU does not run at its highest clock, by name. Pure.

#include <cstdint>
#include <set>
#include <string>

namespace timetrial {

// `bits`: as NVML gives them. An idle GPU is not throttled. Bits that are not known are named by their
// number: "reason 0x200".
std::set<std::string> throttle_reasons(uint64_t bits);

}  // namespace timetrial
