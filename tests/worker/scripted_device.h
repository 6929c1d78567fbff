#pragma once

// A device whose time is what the test says.

#include <deque>
#include <limits>

#include "harness/device/device.h"

namespace timetrial {

class ScriptedDevice : public Device {
 public:
  explicit ScriptedDevice(double seconds_per_mark = 0) : seconds_per_mark_(seconds_per_mark) {}

  // The device works for so long.
  void work(double seconds) { now_ += seconds; }
  // What it has done is known up to this moment only.
  void set_known_until(double seconds) { known_until_ = seconds; }

  c10::Device torch_device() const override { return c10::Device(c10::kCPU); }
  void start_segment() override {
    now_ = 0;
    stamps_.clear();
  }
  void mark() override { now_ += seconds_per_mark_; }
  double resolved_seconds() override { return now_; }
  double drain() override {
    ++drains;
    known_until_ = std::numeric_limits<double>::infinity();
    mark();
    return now_;
  }
  void stamp() noexcept override {
    ++stamps;
    stamps_.push_back(now_);
  }
  std::optional<double> take_stamp() override {
    if (stamps_.empty() || stamps_.front() > known_until_) return std::nullopt;
    const double moment = stamps_.front();
    stamps_.pop_front();
    return moment;
  }
  bool can_record() const override { return false; }
  std::unique_ptr<RecordedWork> record(const std::function<void()>& /*work*/) override { return nullptr; }
  at::Tensor ready_to_copy(at::Tensor values) const override { return values; }
  void copy_in(at::TensorList from, at::TensorList to) override {
    for (std::size_t i = 0; i < from.size(); ++i) to[i].copy_(from[i]);
  }
  int64_t peak_memory_bytes() const override { return 0; }
  int64_t peak_tensor_bytes() const override { return 0; }
  void reset_peak_memory() override {}
  std::map<std::string, std::string> describe() const override { return {}; }

  int drains = 0;
  int stamps = 0;

 private:
  double seconds_per_mark_;
  double now_ = 0;
  double known_until_ = std::numeric_limits<double>::infinity();
  std::deque<double> stamps_;
};

// Its tensors have no values, but are told from those of the host.
class MetaDevice final : public ScriptedDevice {
 public:
  c10::Device torch_device() const override { return c10::Device(c10::kMeta); }
};

}  // namespace timetrial
