// The update on a GPU.

#include "schedule_free_adamw.h"
#include "timetrial/cuda_kernels.cuh"

TIMETRIAL_CUDA_ALGORITHM(timetrial::ScheduleFreeAdamw)
TIMETRIAL_CUDA_RULE(timetrial::MoveTowards)
