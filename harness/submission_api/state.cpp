#include "timetrial/state.h"

namespace timetrial {}
