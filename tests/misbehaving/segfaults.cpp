// Writes through a null pointer in its third update.

#include "timetrial/submission.h"

namespace timetrial {

class Segfaults : public Submission {
 public:
  void initialize(const Initialization& /*initialization*/) override {}
  void update(Step& step) override {
    volatile int* volatile nowhere = nullptr;
    if (step.index() == 2) *nowhere = 1;
  }
  void save(State& /*state*/) const override {}
  void load(const State& /*state*/) override {}
};

TIMETRIAL_SUBMISSION(Segfaults)

}  // namespace timetrial
