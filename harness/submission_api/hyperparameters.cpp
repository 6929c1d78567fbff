#include "timetrial/hyperparameters.h"

namespace timetrial {}
