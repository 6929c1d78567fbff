#pragma once

// Looks at the machine from a thread of its own while a trial runs.

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <thread>

#include "harness/journal/measurements.h"
#include "harness/telemetry/gpu_telemetry.h"
#include "harness/telemetry/host_reader.h"
#include "harness/telemetry/quantity_history.h"

namespace timetrial {

// One look was measured to take a quarter of a millisecond of one core (without a GPU): at this period a
// four-thousandth of it.
inline constexpr double kSamplingPeriodSeconds = 1.0;

class MachineSampler {
 public:
  // Begins at once. `gpu`: may be empty.
  explicit MachineSampler(HostReader host, std::unique_ptr<GpuTelemetry> gpu = nullptr,
                          double period_seconds = kSamplingPeriodSeconds);
  ~MachineSampler();
  MachineSampler(const MachineSampler&) = delete;
  MachineSampler& operator=(const MachineSampler&) = delete;

  // Ends the thread, looks once more and tells all; later calls tell the same.
  MachineSamplesRecord finish();

 private:
  void run(const std::stop_token& stop);
  void look();

  HostReader host_;
  std::unique_ptr<GpuTelemetry> gpu_;
  double period_seconds_;
  // Of the thread; of the caller of finish() once that has ended.
  int64_t samples_ = 0;
  std::map<std::string, QuantityHistory> histories_;
  std::set<std::string> throttle_reasons_;
  double sampling_seconds_ = 0;
  std::mutex mutex_;  // of wake_ only
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace timetrial
