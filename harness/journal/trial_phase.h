#pragma once

// What a worker is at. Training is while the clock runs; evaluation is while it stands, checkpoints included;
// startup is what comes before both.

#include <cstdint>
#include <string>

namespace timetrial {

enum class TrialPhase : int64_t { startup, training, evaluation };

std::string to_string(TrialPhase phase);

}  // namespace timetrial
