#pragma once

// Where the CPU tensors of a worker get their memory.

#include "harness/journal/trial_spec.h"
#include "harness/memory/caching_allocator.h"

namespace timetrial {

// Does what the trial asks for; nullptr: LibTorch's own allocator stays. To be called before the first
// tensor, once in a process.
CachingAllocator* install_host_allocator(const TrialSpec& spec);

}  // namespace timetrial
