// Well-behaved, but compiled against another version of the interface.

#include "timetrial/submission.h"

namespace timetrial {

class OtherApiVersion : public Submission {
 public:
  void initialize(const Initialization& /*initialization*/) override {}
  void update(Step& /*step*/) override {}
  void save(State& /*state*/) const override {}
  void load(const State& /*state*/) override {}
};

TIMETRIAL_SUBMISSION(OtherApiVersion)

}  // namespace timetrial
