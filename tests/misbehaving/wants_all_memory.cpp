// Asks for more memory in its third update than any machine has.

#include <ATen/ops/empty.h>

#include "timetrial/submission.h"

namespace timetrial {

class WantsAllMemory : public Submission {
 public:
  void initialize(const Initialization& /*initialization*/) override {}
  void update(Step& step) override {
    step.backward();
    if (step.index() == 2) at::empty({int64_t{1} << 50}, at::kByte);
  }
  void save(State& /*state*/) const override {}
  void load(const State& /*state*/) override {}
};

TIMETRIAL_SUBMISSION(WantsAllMemory)

}  // namespace timetrial
