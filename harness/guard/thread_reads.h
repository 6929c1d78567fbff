#pragma once

#include <cstdint>

namespace timetrial {

// Bytes that the calling thread has read through system calls so far: files, pipes, sockets; not through
// mapped memory. 0 where the kernel does not count them.
int64_t bytes_read_by_this_thread();

}  // namespace timetrial
