#include "timetrial/parameter.h"

namespace timetrial {}
