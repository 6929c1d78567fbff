#pragma once

// The seam between the timed loop and the hardware it runs on. The loop never asks which device it is.
//
// A segment is a stretch of timed work: start_segment() on a drained device, any number of mark() calls (one
// per step), drain() to end it. Between start and drain nothing waits for the device, except that mark()
// holds the host back when it is more than kMaxStepsInFlight steps ahead. Threads: one at a time.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

namespace timetrial {

class SyncAudit;

inline constexpr int kMaxStepsInFlight = 32;

// Work for the device that was recorded once and runs again without the host's part in it, on the same
// memory.
class RecordedWork {
 public:
  virtual ~RecordedWork() = default;
  virtual void replay() = 0;
};

class Device {
 public:
  virtual ~Device() = default;

  virtual c10::Device torch_device() const = 0;

  virtual void start_segment() = 0;
  virtual void mark() = 0;
  // Seconds from the start of the segment to the newest mark the device is known to have passed; never waits.
  virtual double resolved_seconds() = 0;
  // Waits until all work is done; seconds since the start of the segment.
  virtual double drain() = 0;

  // Notes the moment at which the device gets to this place of its work, beside the marks. Never waits, never
  // throws: what the device refuses, take_stamp() throws.
  virtual void stamp() noexcept = 0;
  // The oldest stamp of this segment that was not taken yet, in seconds since its start; empty while the
  // device is not known to have passed it. Never waits.
  virtual std::optional<double> take_stamp() = 0;

  // Whether there is anything to gain from recording.
  virtual bool can_record() const = 0;
  // Records what `work` puts on the device; `work` runs on the host now, on the device only when replayed.
  // Waits for the device. Throws what `work` throws, and std::runtime_error for work that cannot be recorded,
  // such as waiting for the device.
  virtual std::unique_ptr<RecordedWork> record(const std::function<void()>& work) = 0;

  // The values of a CPU tensor where a copy to the device does not hold up the host. Any thread.
  virtual at::Tensor ready_to_copy(at::Tensor values) const = 0;
  // Copies CPU tensors to tensors of this device, of the same dtypes and sizes. What is put on the device
  // from now on finds the values there; on a GPU the copy itself runs beside what was put there before, and
  // does not hold up the host if `from` came from ready_to_copy(). `from` may be given up at once.
  virtual void copy_in(at::TensorList from, at::TensorList to) = 0;

  // Peaks of device memory since the last reset; 0 on CPU. None of these waits for the device.
  virtual int64_t peak_memory_bytes() const = 0;  // taken from the device, free blocks included
  virtual int64_t peak_tensor_bytes() const = 0;  // in use
  virtual void reset_peak_memory() = 0;           // to what is taken now
  virtual std::map<std::string, std::string> describe() const = 0;

  // Begins to look for waits (sync_audit.h), by default at tensor operations. Throws UserError where that is
  // not possible.
  virtual std::unique_ptr<SyncAudit> audit_waits();
};

// "cpu", "cuda" or "cuda:<index>". Must be called before anything else touches LibTorch's CUDA hooks. Throws
// UserError for a device that this build or this machine does not have.
std::unique_ptr<Device> open_device(const std::string& name);

// Seconds of the steady clock.
double steady_seconds();

}  // namespace timetrial
