// NAdamW with linear warm-up and cosine decay: AlgoPerf's baseline.

#include "nadamw.h"
#include "timetrial/elementwise_submission.h"

namespace timetrial {

using NadamwSubmission = ElementwiseSubmission<Nadamw>;
TIMETRIAL_SUBMISSION(NadamwSubmission)

}  // namespace timetrial
