#include "results/report/machine_record.h"

#include <algorithm>

#include "results/scoring/time_to_target.h"

namespace timetrial {

namespace {

void add_drift(MachineRecord& record, const TrialResult& trial) {
  for (const ReferenceTimesRecord& times : trial.reference_times)
    record.reference_seconds += times.spent_seconds;
  const std::optional<ReferenceDrift> drift = reference_drift(trial.reference_times);
  if (!drift) return;
  ++record.gauged;
  if (has_drifted(trial.reference_times, trial.spec.reference_drift).value_or(false)) ++record.drifted;
  if (!record.most_drift || drift->share > record.most_drift->share) record.most_drift = drift;
}

}  // namespace

MachineRecordTable machine_records(const std::vector<TrialResult>& trials) {
  MachineRecordTable table;
  std::map<const MachineRecord*, std::map<std::string, std::vector<double>>> medians;
  for (const TrialResult& trial : trials) {
    if (trial.machine_samples.empty() && trial.reference_times.empty()) continue;
    MachineRecord& record = table[full_workload_name(trial.spec)][trial.spec.submission];
    ++record.trials;
    for (const MachineSamplesRecord& samples : trial.machine_samples) {
      record.throttle_reasons.insert(samples.throttle_reasons.begin(), samples.throttle_reasons.end());
      for (const auto& [name, range] : samples.quantities) {
        const auto [place, is_new] = record.quantities.try_emplace(name, range);
        place->second.minimum = std::min(place->second.minimum, range.minimum);
        place->second.maximum = std::max(place->second.maximum, range.maximum);
        medians[&record][name].push_back(range.median);
      }
    }
    add_drift(record, trial);
  }
  for (auto& [workload, row] : table) {
    for (auto& [submission, record] : row) {
      for (auto& [name, range] : record.quantities) range.median = median_of(medians[&record][name]);
    }
  }
  return table;
}

}  // namespace timetrial
