#include "workloads/data/share.h"

#include "timetrial/ranks.h"

namespace timetrial {

Share own_share(int64_t count) {
  return share_of(count, ranks().rank(), ranks().count());
}

}  // namespace timetrial
