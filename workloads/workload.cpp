#include "workloads/workload.h"

namespace timetrial {}
