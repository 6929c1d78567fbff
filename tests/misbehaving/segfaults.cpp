// Writes in its third update where no page is.

#include <cstdint>

#include "timetrial/submission.h"

namespace timetrial {

class Segfaults : public Submission {
 public:
  void initialize(const Initialization& /*initialization*/) override {}
  void update(Step& step) override {
    // Not null, which a sanitizer would catch before the processor does.
    volatile int* volatile nowhere = reinterpret_cast<volatile int*>(uintptr_t{64});
    if (step.index() == 2) *nowhere = 1;
  }
  void save(State& /*state*/) const override {}
  void load(const State& /*state*/) override {}
};

TIMETRIAL_SUBMISSION(Segfaults)

}  // namespace timetrial
