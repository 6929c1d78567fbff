#pragma once

#include "workloads/workload.h"

namespace timetrial {

// Four small graphs, "g4", from the generator.
FingerprintCase ogbg_fingerprint_case(int64_t tasks);

}  // namespace timetrial
