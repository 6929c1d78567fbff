// LAMB with linear warm-up and cosine decay.

#include "lamb.h"
#include "timetrial/elementwise_submission.h"

namespace timetrial {

using LambSubmission = ElementwiseSubmission<Lamb>;
TIMETRIAL_SUBMISSION(LambSubmission)

}  // namespace timetrial
