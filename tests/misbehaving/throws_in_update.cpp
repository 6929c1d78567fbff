// Throws in its third update.

#include <stdexcept>

#include "timetrial/submission.h"

namespace timetrial {

class ThrowsInUpdate : public Submission {
 public:
  void initialize(const Initialization& /*initialization*/) override {}
  void update(Step& step) override {
    if (step.index() == 2) throw std::runtime_error("the third update is one too many");
  }
  void save(State& /*state*/) const override {}
  void load(const State& /*state*/) override {}
};

TIMETRIAL_SUBMISSION(ThrowsInUpdate)

}  // namespace timetrial
