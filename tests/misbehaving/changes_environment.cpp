// Sets a variable that libraries look at.

#include <cstdlib>

#include "plain_sgd.h"

namespace timetrial {

class ChangesEnvironment : public PlainSgd {
 public:
  void update(Step& step) override {
    if (step.index() == 2) ::setenv("OMP_NUM_THREADS", "7", 1);
    PlainSgd::update(step);
  }
};

TIMETRIAL_SUBMISSION(ChangesEnvironment)

}  // namespace timetrial
