// AdamW whose update never hands a value from the device to the host: step counter, learning rate, clip
// factor and overflow flag stay where the parameters are.

#include "sync_free_adamw.h"
#include "timetrial/elementwise_submission.h"

namespace timetrial {

using SyncFreeAdamwSubmission = ElementwiseSubmission<SyncFreeAdamw>;
TIMETRIAL_SUBMISSION(SyncFreeAdamwSubmission)

}  // namespace timetrial
