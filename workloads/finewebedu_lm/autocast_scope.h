#pragma once

#include <c10/core/DeviceType.h>

namespace timetrial {

// Lets matrix products and attention run in bfloat16 on one kind of device while it lives (PyTorch's
// autocast); does nothing when not enabled. Leaves the thread's settings as they were.
class AutocastScope {
 public:
  AutocastScope(c10::DeviceType device, bool enabled);
  ~AutocastScope();
  AutocastScope(const AutocastScope&) = delete;
  AutocastScope& operator=(const AutocastScope&) = delete;

 private:
  c10::DeviceType device_;
  bool enabled_;
  bool was_enabled_ = false;
  c10::ScalarType old_type_ = c10::ScalarType::BFloat16;
};

}  // namespace timetrial
