#pragma once

// What a trial tells of the machine it runs on: how it was all the while (harness/telemetry), and how fast it
// did the reference kernels before and after.

#include <optional>
#include <string>
#include <vector>

#include "harness/device/device.h"
#include "harness/journal/journal.h"
#include "harness/journal/trial_spec.h"
#include "harness/telemetry/machine_sampler.h"

namespace timetrial {

class MachineWatch {
 public:
  // Watches from here on. To be made before the submission's library is opened. Both outlive it.
  MachineWatch(const TrialSpec& spec, Device& device);

  // Times the reference kernels if the ruleset asks for it. Before the clock runs and while the trial takes
  // no memory on the device yet.
  void time_before();
  void append_start(JournalSink& journal, int64_t step);

  void append_samples(JournalSink& journal);  // ends the watch
  // Times the kernels again if they were timed before. After the clock, and after the trial's memory was
  // looked at.
  void append_after(JournalSink& journal, int64_t step);

 private:
  std::optional<ReferenceTimesRecord> time_reference(const std::string& moment);
  std::unique_ptr<GpuTelemetry> open_gpu();
  void append_problems(JournalSink& journal, int64_t step);

  const TrialSpec& spec_;
  Device& device_;
  std::vector<std::string> problems_;
  MachineSampler sampler_;
  std::optional<ReferenceTimesRecord> before_;
};

}  // namespace timetrial
