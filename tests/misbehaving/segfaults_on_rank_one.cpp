// Reads from nowhere in the third update, on one rank only.

#include <csignal>

#include "plain_sgd.h"
#include "timetrial/ranks.h"

namespace timetrial {

class SegfaultsOnRankOne : public PlainSgd {
 public:
  void update(Step& step) override {
    PlainSgd::update(step);
    if (ranks().rank() == 1 && step.index() == 2) ::raise(SIGSEGV);
  }
};

TIMETRIAL_SUBMISSION(SegfaultsOnRankOne)

}  // namespace timetrial
