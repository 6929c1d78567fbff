// The update on a GPU.

#include "sam.h"
#include "timetrial/cuda_kernels.cuh"

TIMETRIAL_CUDA_ALGORITHM(timetrial::SamAdamw)
TIMETRIAL_CUDA_RULE(timetrial::Ascent)
