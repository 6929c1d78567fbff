// The update on a GPU.

#include "cautious_nadamw.h"
#include "timetrial/cuda_kernels.cuh"

TIMETRIAL_CUDA_ALGORITHM(timetrial::CautiousNadamw)
