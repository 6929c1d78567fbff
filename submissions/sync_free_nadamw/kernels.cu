// The update on a GPU.

#include "../nadamw/nadamw.h"
#include "timetrial/cuda_kernels.cuh"

TIMETRIAL_CUDA_ALGORITHM(timetrial::VoidsNonFiniteSteps<timetrial::Nadamw>)
