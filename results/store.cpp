#include "results/store.h"

namespace timetrial {}
