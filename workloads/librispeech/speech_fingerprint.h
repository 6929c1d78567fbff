#pragma once

#include <cstdint>
#include <string>

#include "workloads/workload.h"

namespace timetrial {

// Two examples of two tones and noise, the second with padding from `end` on, and targets of 6 and 4 pieces,
// from the generator.
FingerprintCase speech_fingerprint_case(const std::string& name, int64_t samples, int64_t end,
                                        int64_t pieces);

}  // namespace timetrial
