// The update on a GPU.

#include "momentum.h"
#include "timetrial/cuda_kernels.cuh"

TIMETRIAL_CUDA_ALGORITHM(timetrial::Momentum<timetrial::MomentumKind::nesterov>)
