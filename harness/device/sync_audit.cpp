#include "harness/device/sync_audit.h"

namespace timetrial {

void SyncAudit::enter(const char* region) noexcept {
  outer_.push_back(this->region());
  region_.store(region, std::memory_order_relaxed);
}

void SyncAudit::leave() noexcept {
  region_.store(outer_.back(), std::memory_order_relaxed);
  outer_.pop_back();
}

}  // namespace timetrial
