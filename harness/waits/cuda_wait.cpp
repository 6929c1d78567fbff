#include "harness/waits/cuda_wait.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace timetrial {

namespace {

// Prefixes, since every family has its pitch, array and 3D members. Nothing that ends in "Async" is among
// what they match.
constexpr std::array kAlways = {
    std::string_view("cudaDeviceSynchronize"),
    std::string_view("cudaStreamSynchronize"),
    std::string_view("cudaEventSynchronize"),
    std::string_view("cudaThreadSynchronize"),
    std::string_view("cudaMalloc"),
    std::string_view("cudaFree"),
    std::string_view("cudaHostAlloc"),
    std::string_view("cudaHostRegister"),
    std::string_view("cudaHostUnregister"),
    std::string_view("cuCtxSynchronize"),
    std::string_view("cuStreamSynchronize"),
    std::string_view("cuEventSynchronize"),
    std::string_view("cuMemAlloc"),
    std::string_view("cuMemFree"),
    std::string_view("cuMemHostAlloc"),
    std::string_view("cuMemHostRegister"),
    std::string_view("cuMemHostUnregister"),
    std::string_view("cuMemCreate"),
    std::string_view("cuMemRelease"),
    std::string_view("cuMemMap"),
    std::string_view("cuMemUnmap"),
    std::string_view("cuMemSetAccess"),
    std::string_view("cuArrayCreate"),
    std::string_view("cuArrayDestroy"),
};

bool is_asynchronous(std::string_view name) {
  return name.ends_with("Async");
}

bool is_copy(std::string_view name) {
  return name.starts_with("cudaMemcpy") || name.starts_with("cuMemcpy");
}

bool is_memset(std::string_view name) {
  return name.starts_with("cudaMemset") || name.starts_with("cuMemset");
}

bool copy_waits(std::string_view name, const MemoryTouched& memory) {
  if (is_asynchronous(name)) {
    const bool from_device = memory.from == MemoryKind::device || memory.from == MemoryKind::managed;
    return from_device && memory.to == MemoryKind::pageable_host;
  }
  const bool on_device = memory.from == MemoryKind::device && memory.to == MemoryKind::device;
  const bool says_so = name.find("DtoD") != std::string_view::npos || name.ends_with("Peer");
  return !on_device && !says_so;
}

bool is_version(std::string_view suffix) {
  return suffix.size() >= 2 && suffix[0] == 'v' &&
         std::all_of(suffix.begin() + 1, suffix.end(),
                     [](unsigned char letter) { return std::isdigit(letter); });
}

}  // namespace

std::string_view plain_call_name(std::string_view name) {
  for (auto mark = name.rfind('_'); mark != std::string_view::npos; mark = name.rfind('_')) {
    const std::string_view suffix = name.substr(mark + 1);
    if (suffix != "ptsz" && suffix != "ptds" && !is_version(suffix)) break;
    name = name.substr(0, mark);
  }
  return name;
}

bool depends_on_memory(std::string_view plain_name) {
  return is_copy(plain_name) || (is_memset(plain_name) && !is_asynchronous(plain_name));
}

bool cuda_call_waits(std::string_view plain_name, const MemoryTouched& memory) {
  if (is_copy(plain_name)) return copy_waits(plain_name, memory);
  if (is_asynchronous(plain_name)) return false;
  if (is_memset(plain_name)) return memory.to != MemoryKind::device;
  return std::any_of(kAlways.begin(), kAlways.end(),
                     [&](std::string_view prefix) { return plain_name.starts_with(prefix); });
}

}  // namespace timetrial
