#pragma once

// AdamW that leaves everything as it was, bit for bit, in a step whose gradient is not finite.

#include "adamw.h"
#include "timetrial/step_scalars.h"

namespace timetrial {

using SyncFreeAdamw = VoidsNonFiniteSteps<Adamw>;

}  // namespace timetrial
