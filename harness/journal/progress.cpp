#include "harness/journal/progress.h"

namespace timetrial {}
