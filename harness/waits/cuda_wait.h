#pragma once

// Which calls of CUDA's runtime and driver hold the host up until the device has done something. Pure, and
// free of CUDA: told by the call's name and, for copies and memsets, by the memory they touch. What counts
// follows "API synchronization behavior" of CUDA's manuals.

#include <string>
#include <string_view>

namespace timetrial {

// What kind of memory an address belongs to. With `unknown`, synchronous calls wait and asynchronous ones do
// not.
enum class MemoryKind { unknown, device, pinned_host, pageable_host, managed };

struct MemoryTouched {
  MemoryKind from = MemoryKind::unknown;  // of copies
  MemoryKind to = MemoryKind::unknown;    // of copies and memsets
};

// The name without the version and stream suffixes of the symbol: "cuMemcpyDtoH" for "cuMemcpyDtoH_v2_ptds".
std::string_view plain_call_name(std::string_view name);

// True for calls whose answer depends on the memory: only those need it looked up.
bool depends_on_memory(std::string_view plain_name);

// `plain_name`: of either interface. Waits are
//   synchronisation of stream, event, device, context
//   copies that are not asynchronous, unless both ends are on the device
//   asynchronous copies from the device into pageable host memory
//   memsets that are not asynchronous, unless the memory is on the device
//   allocating and freeing (the stream-ordered …Async ones do not wait), mapping, pinning
// Loading code does not count: CUDA loads a kernel when it is first launched, whoever launches it.
bool cuda_call_waits(std::string_view plain_name, const MemoryTouched& memory = {});

}  // namespace timetrial
