// Stochastic gradient descent with heavy-ball momentum, linear warm-up and linear decay.

#include "../nesterov_momentum/momentum_submission.h"

namespace timetrial {

using HeavyBall = MomentumSubmission<MomentumKind::heavy_ball>;
TIMETRIAL_SUBMISSION(HeavyBall)

}  // namespace timetrial
