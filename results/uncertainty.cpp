#include "results/uncertainty.h"

namespace timetrial {
Uncertainty estimate_uncertainty(const Score&, const ProfileOptions&, const UncertaintyOptions& options) {
  Uncertainty uncertainty;
  uncertainty.options = options;
  return uncertainty;
}
bool within_noise(const Uncertainty&, const std::string&, const std::string&) {
  return false;
}
}  // namespace timetrial
