#pragma once

namespace timetrial {

// Values for names of StepOptions that a point leaves out. The dropout rate is then the workload's.
struct StepDefaults {
  double label_smoothing = 0;
  double grad_clip = 0;
};

}  // namespace timetrial
