#include "harness/telemetry/machine_sampler.h"

#include <chrono>
#include <ctime>
#include <utility>

#include "harness/threads/harness_thread.h"

namespace timetrial {

namespace {

double cpu_seconds_of_this_thread() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

}  // namespace

MachineSampler::MachineSampler(HostReader host, std::unique_ptr<GpuTelemetry> gpu, double period_seconds)
    : host_(std::move(host)), gpu_(std::move(gpu)), period_seconds_(period_seconds) {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

MachineSampler::~MachineSampler() = default;  // joins the thread, which is the last member

void MachineSampler::run(const std::stop_token& stop) {
  const HarnessThread mark;
  const std::chrono::duration<double> period(period_seconds_);
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    look();
    wake_.wait_for(lock, stop, period, [] { return false; });
  }
}

void MachineSampler::look() {
  const double begin = cpu_seconds_of_this_thread();
  MachineReading reading;
  host_.add_to(reading);
  if (gpu_) gpu_->add_to(reading);
  for (const auto& [quantity, value] : reading.quantities) histories_[quantity].add(value);
  throttle_reasons_.merge(reading.throttle_reasons);
  ++samples_;
  sampling_seconds_ += cpu_seconds_of_this_thread() - begin;
}

MachineSamplesRecord MachineSampler::finish() {
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
    look();
  }
  MachineSamplesRecord record;
  record.samples = samples_;
  record.period_seconds = period_seconds_;
  record.sampling_seconds = sampling_seconds_;
  for (const auto& [quantity, history] : histories_) record.quantities[quantity] = history.range();
  record.throttle_reasons.assign(throttle_reasons_.begin(), throttle_reasons_.end());
  return record;
}

}  // namespace timetrial
