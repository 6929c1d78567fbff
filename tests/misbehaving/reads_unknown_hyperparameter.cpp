// Asks for a hyperparameter that no search space of the tests holds (learning_rate, misspelled).

#include "timetrial/submission.h"

namespace timetrial {

class ReadsUnknownHyperparameter : public Submission {
 public:
  void initialize(const Initialization& initialization) override {
    initialization.hyperparameters.number("lerning_rate");
  }
  void update(Step& /*step*/) override {}
  void save(State& /*state*/) const override {}
  void load(const State& /*state*/) override {}
};

TIMETRIAL_SUBMISSION(ReadsUnknownHyperparameter)

}  // namespace timetrial
