// The update on a GPU.

#include "sync_free_adamw.h"
#include "timetrial/cuda_kernels.cuh"

TIMETRIAL_CUDA_ALGORITHM(timetrial::SyncFreeAdamw)
