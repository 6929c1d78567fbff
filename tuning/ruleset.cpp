#include "tuning/ruleset.h"

namespace timetrial {}
