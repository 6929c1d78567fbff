// Stochastic gradient descent with heavy-ball momentum, linear warm-up and linear decay.

#include "../nesterov_momentum/momentum.h"
#include "timetrial/elementwise_submission.h"

namespace timetrial {

using HeavyBall = ElementwiseSubmission<Momentum<MomentumKind::heavy_ball>>;
TIMETRIAL_SUBMISSION(HeavyBall)

}  // namespace timetrial
