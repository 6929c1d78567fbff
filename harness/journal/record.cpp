#include "harness/journal/record.h"

namespace timetrial {}
