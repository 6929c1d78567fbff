#pragma once

#include "workloads/workload.h"

namespace timetrial {

// Two rows of 16 tokens from the generator: "unpacked" and "packed".
std::vector<FingerprintCase> wmt_fingerprint_cases(int64_t vocabulary);

}  // namespace timetrial
