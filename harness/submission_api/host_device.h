#pragma once

// Marks what runs on the host and, compiled by a CUDA compiler, on the device too: the rule of an elementwise
// optimizer and the scalars of a step are written once for both.

#if defined(__CUDACC__)
#define TIMETRIAL_HOST_DEVICE __host__ __device__
#else
#define TIMETRIAL_HOST_DEVICE
#endif
