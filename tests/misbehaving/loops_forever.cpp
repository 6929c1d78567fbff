// Never returns from its third update.

#include <chrono>
#include <thread>

#include "timetrial/submission.h"

namespace timetrial {

class LoopsForever : public Submission {
 public:
  void initialize(const Initialization& /*initialization*/) override {}
  void update(Step& step) override {
    while (step.index() == 2) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  void save(State& /*state*/) const override {}
  void load(const State& /*state*/) override {}
};

TIMETRIAL_SUBMISSION(LoopsForever)

}  // namespace timetrial
