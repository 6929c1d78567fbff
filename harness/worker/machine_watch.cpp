#include "harness/worker/machine_watch.h"

#include <exception>

#include "harness/telemetry/nvml.h"
#include "harness/worker/reference_kernels.h"

namespace timetrial {

MachineWatch::MachineWatch(const TrialSpec& spec, Device& device)
    : spec_(spec), device_(device), sampler_(HostReader(), open_gpu()) {}

std::unique_ptr<GpuTelemetry> MachineWatch::open_gpu() {
  const std::map<std::string, std::string> facts = device_.describe();
  const auto bus = facts.find("gpu_bus");
  if (bus == facts.end()) return nullptr;  // no GPU
  const OpenedNvml nvml = open_nvml();
  std::unique_ptr<GpuTelemetry> gpu = nvml.library ? gpu_at(nvml.library, bus->second) : nullptr;
  if (!gpu) {
    problems_.push_back("the clocks, heat and power of the GPU are not watched: " +
                        (nvml.library ? "its driver does not know " + bus->second : nvml.problem));
  }
  return gpu;
}

std::optional<ReferenceTimesRecord> MachineWatch::time_reference(const std::string& moment) {
  try {
    return time_reference_kernels(device_, moment, reference_seconds_for(spec_.budget_seconds));
  } catch (const std::exception& error) {  // as where a trial's model leaves no memory for it
    problems_.push_back("the reference kernels could not be timed " + moment +
                        " the training: " + error.what());
    return std::nullopt;
  }
}

void MachineWatch::time_before() {
  if (spec_.reference_drift > 0) before_ = time_reference("before");
}

void MachineWatch::append_start(JournalSink& journal, int64_t step) {
  if (before_) journal.append(*before_);
  append_problems(journal, step);
}

void MachineWatch::append_samples(JournalSink& journal) {
  journal.append(sampler_.finish());
}

void MachineWatch::append_after(JournalSink& journal, int64_t step) {
  if (!before_) return;
  if (const std::optional<ReferenceTimesRecord> after = time_reference("after")) journal.append(*after);
  append_problems(journal, step);
}

void MachineWatch::append_problems(JournalSink& journal, int64_t step) {
  for (const std::string& problem : problems_) journal.append(WarningRecord{step, problem});
  problems_.clear();
}

}  // namespace timetrial
