// The update on a GPU.

#include "nadamw.h"
#include "timetrial/cuda_kernels.cuh"

TIMETRIAL_CUDA_ALGORITHM(timetrial::Nadamw)
