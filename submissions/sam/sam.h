#pragma once

// Sharpness-aware minimisation (Foret et al., 2021) on AdamW: the gradient that AdamW takes is that of the
// point at the distance rho up the gradient, p + rho g / |g|, with the L2 norm over all parameters.

#include "../sync_free_adamw/adamw.h"
#include "timetrial/step_scalars.h"

namespace timetrial {

struct SamAdamw : Adamw {
  explicit SamAdamw(const Initialization& initialization);

  // AdamW from where the parameter was before the ascent: the way back costs no pass of its own.
  template <typename Real>
  class Rule {
   public:
    static constexpr int kStates = 3;

    TIMETRIAL_HOST_DEVICE explicit Rule(const double* scalars) : adamw_(scalars) {}

    TIMETRIAL_HOST_DEVICE void operator()(Real& parameter, Real gradient, Real& m, Real& v,
                                          Real& origin) const {
      Real updated = origin;
      adamw_(updated, gradient, m, v);
      parameter = updated;
    }

   private:
    Adamw::Rule<Real> adamw_;
  };

  double rho = 0;
};

// Moves a parameter along its gradient and keeps where it was. Scalars: the results of a gradient scan, then
// rho.
template <typename Real>
class Ascent {
 public:
  static constexpr int kStates = 1;
  static constexpr int kRho = kAlgorithmScalars;
  static constexpr int kScalars = kAlgorithmScalars + 1;

  TIMETRIAL_HOST_DEVICE explicit Ascent(const double* scalars)
      : factor_(static_cast<Real>(factor(std::sqrt(scalars[kSquaredNorm]), scalars[kRho]))) {}

  TIMETRIAL_HOST_DEVICE void operator()(Real& parameter, Real gradient, Real& origin) const {
    origin = parameter;
    parameter = parameter + factor_ * gradient;
  }

 private:
  TIMETRIAL_HOST_DEVICE static double factor(double norm, double rho) { return norm != 0 ? rho / norm : 0.0; }

  Real factor_;
};

}  // namespace timetrial
