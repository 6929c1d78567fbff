// Ignores the point it is given: no hyperparameter is ever read.

#include "timetrial/submission.h"

namespace timetrial {

class NeverReadsHyperparameter : public Submission {
 public:
  void initialize(const Initialization& /*initialization*/) override {}
  void update(Step& /*step*/) override {}
  void save(State& /*state*/) const override {}
  void load(const State& /*state*/) override {}
};

TIMETRIAL_SUBMISSION(NeverReadsHyperparameter)

}  // namespace timetrial
