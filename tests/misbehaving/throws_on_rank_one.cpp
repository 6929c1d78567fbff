// Throws in the third update, on one rank only.

#include <stdexcept>

#include "plain_sgd.h"
#include "timetrial/ranks.h"

namespace timetrial {

class ThrowsOnRankOne : public PlainSgd {
 public:
  void update(Step& step) override {
    PlainSgd::update(step);
    if (ranks().rank() == 1 && step.index() == 2) throw std::runtime_error("rank one will not go on");
  }
};

TIMETRIAL_SUBMISSION(ThrowsOnRankOne)

}  // namespace timetrial
