// Cautious NAdamW with linear warm-up and cosine decay.

#include "cautious_nadamw.h"
#include "timetrial/elementwise_submission.h"

namespace timetrial {

using CautiousNadamwSubmission = ElementwiseSubmission<CautiousNadamw>;
TIMETRIAL_SUBMISSION(CautiousNadamwSubmission)

}  // namespace timetrial
