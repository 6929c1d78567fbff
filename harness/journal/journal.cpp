#include "harness/journal/journal.h"

namespace timetrial {}
