#include "harness/journal/trial_spec.h"

namespace timetrial {}
