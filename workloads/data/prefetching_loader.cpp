#include "workloads/data/prefetching_loader.h"

namespace timetrial {}
