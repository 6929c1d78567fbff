#pragma once

// The machine a trial ran on, as facts for provenance: read from /proc and /sys, no GPU library needed.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace timetrial {

// Keys: "host", "cpu", "cores", "memory_gib", "os", "kernel", "cpu_governor" (where the kernel shows one),
// and the environment's OpenMP waiting policy where one is set.
std::map<std::string, std::string> describe_machine();

// What may make timings noisy right now, one plain sentence each: load by others, a power-saving governor,
// little memory. Empty when nothing was found. Looks for 0.15 s, during which this process must be idle.
std::vector<std::string> noise_warnings();

// Whether this process gets huge pages when it asks for them (transparent_hugepage is not "never", nor are
// they switched off for the process).
bool grants_huge_pages();

int64_t peak_resident_bytes();  // of this process, since its start or forget_peak_resident()
void forget_peak_resident();    // where the kernel allows it (Linux 4.0 on)

// The folder of this program, as it was when first asked: a program that is rebuilt while it runs stays where
// it was.
const std::filesystem::path& program_folder();

}  // namespace timetrial
