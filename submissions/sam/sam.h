#pragma once

// Sharpness-aware minimisation (Foret et al., 2021) on AdamW: the gradient that AdamW takes is that of the
// point at the distance rho up the gradient, p + rho g / |g|, with the L2 norm over all parameters.

#include "../sync_free_adamw/adamw.h"

namespace timetrial {

struct SamAdamw : Adamw {
  explicit SamAdamw(const Initialization& initialization);

  double rho = 0;
};

// Moves a parameter along its gradient by the factor in scalars[0] and keeps where it was.
template <typename Real>
class Ascent {
 public:
  static constexpr int kStates = 1;

  TIMETRIAL_HOST_DEVICE explicit Ascent(const double* scalars) : factor_(static_cast<Real>(scalars[0])) {}

  TIMETRIAL_HOST_DEVICE void operator()(Real& parameter, Real gradient, Real& origin) const {
    origin = parameter;
    parameter = parameter + factor_ * gradient;
  }

 private:
  Real factor_;
};

}  // namespace timetrial
