// Calls abort() in its third update.

#include <cstdlib>

#include "plain_sgd.h"

namespace timetrial {

class Aborts : public PlainSgd {
 public:
  void update(Step& step) override {
    if (step.index() == 2) std::abort();
    PlainSgd::update(step);
  }
};

TIMETRIAL_SUBMISSION(Aborts)

}  // namespace timetrial
