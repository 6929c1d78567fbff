#include "workloads/preparation.h"

namespace timetrial {}
