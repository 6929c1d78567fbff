#include "harness/journal/trial_phase.h"

#include <stdexcept>

namespace timetrial {

std::string to_string(TrialPhase phase) {
  switch (phase) {
    case TrialPhase::startup:
      return "startup";
    case TrialPhase::training:
      return "training";
    case TrialPhase::evaluation:
      return "evaluation";
  }
  throw std::logic_error("no such phase");
}

}  // namespace timetrial
