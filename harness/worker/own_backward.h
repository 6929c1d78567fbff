#pragma once

// A submission may run the backward pass itself, where the harness does not see the call: autograd tells when
// it reaches the loss and when it is through.

#include "harness/worker/step_times.h"
#include "timetrial/model.h"

namespace timetrial {

// Counts backward passes through `loss` as StepPart::backward. To be called within a sampled step; `times`
// outlives the step. Changes no gradient.
void time_own_backward(StepTimes& times, const Loss& loss);

}  // namespace timetrial
