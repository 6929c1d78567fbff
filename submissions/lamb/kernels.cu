// The update on a GPU.

#include "lamb.h"
#include "timetrial/cuda_kernels.cuh"

TIMETRIAL_CUDA_ALGORITHM(timetrial::Lamb)
