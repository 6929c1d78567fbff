#pragma once

// A device of the host that records like a GPU: what the work computes counts only when replayed, then on the
// memory that it saw when it was recorded. Here the work itself is kept and called again.

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "scripted_device.h"

namespace timetrial {

class RecordingDevice final : public ScriptedDevice {
 public:
  bool can_record() const override { return true; }
  std::unique_ptr<RecordedWork> record(const std::function<void()>& work) override {
    if (!refusal.empty()) throw std::runtime_error(refusal);
    return std::make_unique<Work>(work);
  }

  std::string refusal;

 private:
  class Work final : public RecordedWork {
   public:
    explicit Work(std::function<void()> work) : work_(std::move(work)) {}
    void replay() override { work_(); }

   private:
    std::function<void()> work_;
  };
};

}  // namespace timetrial
