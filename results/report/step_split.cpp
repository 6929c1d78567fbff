#include "results/report/step_split.h"

namespace timetrial {

namespace {

void add(StepTimesRecord& sum, const StepTimesRecord& record) {
  sum.sampled_steps += record.sampled_steps;
  sum.data_wait += record.data_wait;
  sum.host_to_device += record.host_to_device;
  sum.forward += record.forward;
  sum.backward += record.backward;
  sum.gradient_averaging += record.gradient_averaging;
  sum.update += record.update;
  sum.residual += record.residual;
  sum.step += record.step;
}

}  // namespace

StepSplitTable step_split(const std::vector<TrialResult>& trials) {
  StepSplitTable table;
  for (const TrialResult& trial : trials) {
    StepTimesRecord of_trial;
    for (const StepTimesRecord& record : trial.step_times) add(of_trial, record);
    if (of_trial.sampled_steps == 0) continue;
    StepSplit& split = table[full_workload_name(trial.spec)][trial.spec.submission];
    add(split.seconds, of_trial);
    ++split.trials;
  }
  return table;
}

std::vector<std::pair<std::string, double>> step_parts(const StepTimesRecord& record) {
  return {{"data_wait", record.data_wait},
          {"host_to_device", record.host_to_device},
          {"forward", record.forward},
          {"backward", record.backward},
          {"gradient_averaging", record.gradient_averaging},
          {"update", record.update},
          {"residual", record.residual}};
}

}  // namespace timetrial
