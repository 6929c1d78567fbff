#pragma once

#include <cstddef>
#include <stdexcept>
#include <vector>

#include "harness/device/device.h"

namespace timetrial {

// Work on the CPU is done when the call returns: marks and stamps are readings of the steady clock.
class CpuDevice final : public Device {
 public:
  c10::Device torch_device() const override { return c10::Device(c10::kCPU); }
  void start_segment() override {
    stamps_.clear();
    taken_ = 0;
    start_ = newest_ = steady_seconds();
  }
  void mark() override { newest_ = steady_seconds(); }
  double resolved_seconds() override { return newest_ - start_; }
  double drain() override {
    mark();
    return resolved_seconds();
  }
  void stamp() noexcept override { stamps_.push_back(steady_seconds()); }
  std::optional<double> take_stamp() override {
    if (taken_ == stamps_.size()) {
      stamps_.clear();
      taken_ = 0;
      return std::nullopt;
    }
    return stamps_[taken_++] - start_;
  }
  bool can_record() const override { return false; }
  std::unique_ptr<RecordedWork> record(const std::function<void()>& /*work*/) override {
    throw std::logic_error("the CPU records no work");
  }
  at::Tensor ready_to_copy(at::Tensor values) const override { return values; }
  void copy_in(at::TensorList from, at::TensorList to) override {
    for (std::size_t i = 0; i < from.size(); ++i) to[i].copy_(from[i]);
  }
  int64_t peak_memory_bytes() const override { return 0; }
  int64_t peak_tensor_bytes() const override { return 0; }
  void reset_peak_memory() override {}
  std::map<std::string, std::string> describe() const override { return {}; }

 private:
  double start_ = 0;
  double newest_ = 0;
  std::vector<double> stamps_;
  std::size_t taken_ = 0;
};

}  // namespace timetrial
