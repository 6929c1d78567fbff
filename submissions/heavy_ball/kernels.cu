// The update on a GPU.

#include "../nesterov_momentum/momentum.h"
#include "timetrial/cuda_kernels.cuh"

TIMETRIAL_CUDA_ALGORITHM(timetrial::Momentum<timetrial::MomentumKind::heavy_ball>)
