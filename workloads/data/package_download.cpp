#include "workloads/data/package_download.h"

namespace timetrial {}
