// Wants to survive what should end it.

#include <csignal>

#include "plain_sgd.h"

namespace timetrial {

class InstallsSignalHandler : public PlainSgd {
 public:
  void update(Step& step) override {
    if (step.index() == 2) std::signal(SIGTERM, SIG_IGN);
    PlainSgd::update(step);
  }
};

TIMETRIAL_SUBMISSION(InstallsSignalHandler)

}  // namespace timetrial
