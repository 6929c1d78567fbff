// Throws something that is no std::exception in its third update.

#include "plain_sgd.h"

namespace timetrial {

class ThrowsNoException : public PlainSgd {
 public:
  void update(Step& step) override {
    if (step.index() == 2) throw 42;
    PlainSgd::update(step);
  }
};

TIMETRIAL_SUBMISSION(ThrowsNoException)

}  // namespace timetrial
