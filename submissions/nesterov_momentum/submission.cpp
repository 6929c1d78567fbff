// Stochastic gradient descent with Nesterov's momentum, linear warm-up and linear decay.

#include "momentum.h"
#include "timetrial/elementwise_submission.h"

namespace timetrial {

using NesterovMomentum = ElementwiseSubmission<Momentum<MomentumKind::nesterov>>;
TIMETRIAL_SUBMISSION(NesterovMomentum)

}  // namespace timetrial
