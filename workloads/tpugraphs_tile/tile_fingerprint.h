#pragma once

#include "workloads/workload.h"

namespace timetrial {

// Two made-up kernels of five and three nodes with four configurations each.
FingerprintCase tile_fingerprint_case();

}  // namespace timetrial
