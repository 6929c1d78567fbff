// The update on a GPU.

#include "ademamix.h"
#include "timetrial/cuda_kernels.cuh"

TIMETRIAL_CUDA_ALGORITHM(timetrial::Ademamix)
