// A well-behaved one of this folder.

#include "plain_sgd.h"

namespace timetrial {

TIMETRIAL_SUBMISSION(PlainSgd)

}  // namespace timetrial
