// Every rank goes its own way: what it adds to the parameters depends on the rank.

#include "plain_sgd.h"
#include "timetrial/ranks.h"

namespace timetrial {

class DriftsApart : public PlainSgd {
 public:
  void update(Step& step) override {
    PlainSgd::update(step);
    at::NoGradGuard no_grad;
    parameters().front().tensor.add_(1e-6 * static_cast<double>(ranks().rank()));
  }
};

TIMETRIAL_SUBMISSION(DriftsApart)

}  // namespace timetrial
