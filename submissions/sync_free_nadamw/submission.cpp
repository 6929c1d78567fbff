// NAdamW whose update never hands a value from the device to the host, and whose steps with a broken gradient
// change nothing.

#include "../nadamw/nadamw.h"
#include "timetrial/elementwise_submission.h"

namespace timetrial {

using SyncFreeNadamw = ElementwiseSubmission<VoidsNonFiniteSteps<Nadamw>>;
TIMETRIAL_SUBMISSION(SyncFreeNadamw)

}  // namespace timetrial
