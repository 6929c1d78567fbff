#include "harness/telemetry/throttle_reasons.h"

#include <sstream>
#include <utility>

namespace timetrial {

namespace {

constexpr uint64_t kIdle = 0x1;

constexpr std::pair<uint64_t, const char*> kReasons[] = {{0x2, "application clocks are set"},
                                                         {0x4, "power limit"},
                                                         {0x8, "hardware slowdown"},
                                                         {0x10, "kept in step with other GPUs"},
                                                         {0x20, "heat (by the driver)"},
                                                         {0x40, "heat (by the hardware)"},
                                                         {0x80, "power brake"},
                                                         {0x100, "display clocks"}};

}  // namespace

std::set<std::string> throttle_reasons(uint64_t bits) {
  std::set<std::string> reasons;
  bits &= ~kIdle;
  for (const auto& [bit, name] : kReasons) {
    if ((bits & bit) != 0) reasons.insert(name);
    bits &= ~bit;
  }
  if (bits != 0) {
    std::ostringstream text;
    text << "reason 0x" << std::hex << bits;
    reasons.insert(text.str());
  }
  return reasons;
}

}  // namespace timetrial
