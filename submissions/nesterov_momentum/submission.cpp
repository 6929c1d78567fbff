// Stochastic gradient descent with Nesterov's momentum, linear warm-up and linear decay.

#include "momentum_submission.h"

namespace timetrial {

using NesterovMomentum = MomentumSubmission<MomentumKind::nesterov>;
TIMETRIAL_SUBMISSION(NesterovMomentum)

}  // namespace timetrial
