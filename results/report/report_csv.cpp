#include "results/report/report_csv.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <system_error>

#include "harness/errors/user_error.h"
#include "results/report/first_steps.h"
#include "results/report/host_waits.h"
#include "results/report/machine_record.h"
#include "results/report/memory_used.h"
#include "results/report/report_curve.h"
#include "results/report/step_split.h"
#include "results/report/time_spent.h"
#include "results/tables/csv.h"
#include "results/tables/null_measurement_list.h"
#include "results/tables/score_csv.h"
#include "results/tables/score_table.h"

namespace timetrial {

namespace {

std::string cell(double value) {
  return std::isnan(value) ? "" : exact_number(value);
}

std::string cell(const std::optional<double>& value) {
  return value ? cell(*value) : "";
}

std::string cell(int64_t value) {
  return std::to_string(value);
}

// Low and high; two empty cells where the interval is not known.
template <typename Table>
std::vector<std::string> interval_cells(const Table& table, const std::string& name) {
  const auto found = table.find(name);
  if (found == table.end() || !found->second) return {"", ""};
  return {exact_number(found->second->low), exact_number(found->second->high)};
}

std::vector<std::string> joined(std::vector<std::string> cells, const std::vector<std::string>& more) {
  cells.insert(cells.end(), more.begin(), more.end());
  return cells;
}

std::string bands_csv(const Score& score, const Uncertainty& uncertainty) {
  std::string text = csv_row({"submission", "tau", "low", "high"});
  for (const auto& [name, band] : uncertainty.rho) {
    for (std::size_t i = 0; i < std::min(band.size(), score.profile.tau.size()); ++i) {
      text += csv_row(
          {name, exact_number(score.profile.tau[i]), exact_number(band[i].low), exact_number(band[i].high)});
    }
  }
  return text;
}

std::string beats_csv(const Uncertainty& uncertainty) {
  std::string text = csv_row({"submission", "other", "probability"});
  for (const auto& [name, row] : uncertainty.better) {
    for (const auto& [other, probability] : row) {
      if (name != other) text += csv_row({name, other, exact_number(probability)});
    }
  }
  return text;
}

std::string status_of(const Score& score, const std::string& name, const std::string& workload) {
  const std::optional<double>& measured = score.time_to_target.at(name).at(workload);
  if (!measured) return "no data";
  if (std::isinf(*measured)) return "missed";
  const auto& qualified = score.profile.qualified.at(name);
  const auto found = qualified.find(workload);
  if (found == qualified.end()) return "held-out";
  return found->second && std::isinf(*found->second) ? "void" : "reached";
}

std::string times_csv(const Score& score, const Uncertainty& uncertainty) {
  std::string text =
      csv_row({"submission", "workload", "status", "seconds", "seconds_low", "seconds_high", "ratio"});
  for (const std::string& name : ranking(score)) {
    const auto intervals = uncertainty.time_to_target.find(name);
    for (const std::string& workload : score.workloads) {
      const auto& ratios = score.profile.ratios.at(name);
      const auto ratio = ratios.find(workload);
      std::vector<std::string> row = {name, workload, status_of(score, name, workload),
                                      cell(score.time_to_target.at(name).at(workload))};
      row = joined(row, intervals == uncertainty.time_to_target.end()
                            ? std::vector<std::string>{"", ""}
                            : interval_cells(intervals->second, workload));
      row.push_back(ratio == ratios.end() ? "" : cell(ratio->second));
      text += csv_row(row);
    }
  }
  return text;
}

std::string studies_csv(const Score& score) {
  std::string text = csv_row({"submission", "workload", "study", "seconds", "trial", "evaluation"});
  for (const auto& [name, row] : score.studies) {
    for (const auto& [workload, studies] : row) {
      for (const StudyTime& study : studies) {
        text += csv_row({name, workload, cell(study.study), cell(study.time),
                         study.trial ? cell(*study.trial) : "",
                         study.evaluation ? std::to_string(*study.evaluation) : ""});
      }
    }
  }
  return text;
}

std::string curves_csv(const std::vector<TrialResult>& trials) {
  std::string text = csv_row({"id", "submission", "workload", "study", "trial", "evaluation", "step",
                              "submission_seconds", "metric", "validation"});
  for (const TrialResult& trial : trials) {
    const std::string place = cell(trial.id) + "," +
                              csv_row({trial.spec.submission, full_workload_name(trial.spec),
                                       cell(trial.spec.study), cell(trial.spec.trial)});
    const std::vector<double> values = validation_values(trial);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const EvaluationRecord& evaluation = trial.evaluations[i];
      text.append(place, 0, place.size() - 1);
      text += ',' + csv_row({std::to_string(i), cell(evaluation.step), cell(evaluation.submission_seconds),
                             trial.spec.target.metric, cell(values[i])});
    }
  }
  return text;
}

std::string sensitivity_csv(const SensitivityTable& table) {
  std::string text =
      csv_row({"submission", "workload", "study", "trials", "hits", "best", "median", "worst"});
  for (const auto& [name, row] : table) {
    for (const auto& [workload, entry] : row) {
      for (const StudySpread& study : entry.studies) {
        text += csv_row({name, workload, cell(study.study), cell(study.trials), cell(study.hits),
                         cell(study.best), cell(study.median), cell(study.worst)});
      }
    }
  }
  return text;
}

std::string after_trials_csv(const SensitivityTable& table) {
  std::string text = csv_row({"submission", "workload", "trials", "chance", "expected", "median"});
  for (const auto& [name, row] : table) {
    for (const auto& [workload, entry] : row) {
      for (const AfterTrials& after : entry.after_trials) {
        text += csv_row(
            {name, workload, cell(after.k), cell(after.chance), cell(after.expected), cell(after.median)});
      }
    }
  }
  return text;
}

std::string clock_csv(const std::vector<TrialResult>& trials) {
  std::string text = csv_row({"submission", "workload", "trials", "without_clock", "submission_seconds",
                              "data_wait_seconds", "evaluation_seconds", "startup_seconds",
                              "checkpoint_seconds", "logging_seconds", "residual_seconds"});
  for (const auto& [workload, row] : time_spent(trials)) {
    for (const auto& [name, spent] : row) {
      const ClockParts& seconds = spent.seconds;
      text +=
          csv_row({name, workload, cell(spent.trials), cell(spent.without_clock), cell(seconds.submission),
                   cell(seconds.data_wait), cell(seconds.evaluation), cell(seconds.startup),
                   cell(seconds.checkpoint), cell(seconds.logging), cell(seconds.residual)});
    }
  }
  return text;
}

std::string step_split_csv(const std::vector<TrialResult>& trials) {
  std::vector<std::string> columns = {"submission", "workload", "trials", "sampled_steps"};
  for (const auto& [part, seconds] : step_parts({})) columns.push_back(part + "_seconds");
  columns.push_back("step_seconds");
  std::string text = csv_row(columns);
  for (const auto& [workload, row] : step_split(trials)) {
    for (const auto& [name, split] : row) {
      std::vector<std::string> cells = {name, workload, cell(split.trials),
                                        cell(split.seconds.sampled_steps)};
      for (const auto& [part, seconds] : step_parts(split.seconds)) cells.push_back(cell(seconds));
      cells.push_back(cell(split.seconds.step));
      text += csv_row(cells);
    }
  }
  return text;
}

std::string first_steps_csv(const std::vector<TrialResult>& trials) {
  std::string text = csv_row({"submission", "workload", "kernels", "seconds"});
  for (const auto& [workload, row] : first_steps(trials)) {
    for (const auto& [name, steps] : row) {
      for (const double seconds : steps.cold) text += csv_row({name, workload, "compiled", cell(seconds)});
      for (const double seconds : steps.warm) text += csv_row({name, workload, "found", cell(seconds)});
    }
  }
  return text;
}

std::string memory_csv(const std::vector<TrialResult>& trials) {
  std::string text = csv_row({"submission", "workload", "trials", "phase", "resident_bytes", "host_bytes",
                              "device_bytes", "host_reserved_bytes", "device_reserved_bytes"});
  for (const auto& [workload, row] : memory_used(trials)) {
    for (const auto& [name, used] : row) {
      for (const auto& [phase, peak] : used.phases) {
        text += csv_row({name, workload, cell(used.trials), phase, cell(peak.resident), cell(peak.host),
                         cell(peak.device), cell(used.host_reserved), cell(used.device_reserved)});
      }
    }
  }
  return text;
}

std::string host_waits_csv(const std::vector<TrialResult>& trials) {
  std::string text = csv_row({"submission", "workload", "trials", "steps", "method", "hook", "operation",
                              "count", "seconds", "stack"});
  for (const auto& [workload, row] : host_waits(trials)) {
    for (const auto& [name, waits] : row) {
      for (const SyncPlace& place : waits.audit.places) {
        text += csv_row({name, workload, cell(waits.trials), cell(waits.audit.steps), waits.audit.method,
                         place.hook, place.operation, cell(place.count), cell(place.seconds), place.stack});
      }
      // Audited, and nothing found: a line of its own, so that it is not taken for not audited.
      if (waits.audit.places.empty()) {
        text += csv_row({name, workload, cell(waits.trials), cell(waits.audit.steps), waits.audit.method, "",
                         "", "0", "0", ""});
      }
    }
  }
  return text;
}

std::string machine_csv(const std::vector<TrialResult>& trials) {
  std::string text =
      csv_row({"submission", "workload", "trials", "quantity", "minimum", "median", "maximum"});
  for (const auto& [workload, row] : machine_records(trials)) {
    for (const auto& [name, record] : row) {
      for (const auto& [quantity, range] : record.quantities) {
        text += csv_row({name, workload, cell(record.trials), quantity, cell(range.minimum),
                         cell(range.median), cell(range.maximum)});
      }
    }
  }
  return text;
}

// Of every trial, not only of those that the page shows.
std::string exhibits_csv(const std::vector<TrialResult>& trials) {
  std::string text = csv_row({"submission", "workload", "study", "trial", "kind", "content"});
  for (const TrialResult& trial : trials) {
    if (trial.exhibits.empty()) continue;
    const ExhibitRecord& record = trial.exhibits.back();
    text += csv_row({trial.spec.submission, full_workload_name(trial.spec), cell(trial.spec.study),
                     cell(trial.spec.trial), record.kind, record.content});
  }
  return text;
}

}  // namespace

std::map<std::string, std::string> report_csv(const ReportInput& input) {
  return {{"scores.csv", score_csv(input.score, input.uncertainty)},
          {"profile.csv", profile_csv(input.score)},
          {"profile_bands.csv", bands_csv(input.score, input.uncertainty)},
          {"beats.csv", beats_csv(input.uncertainty)},
          {"time_to_target.csv", times_csv(input.score, input.uncertainty)},
          {"studies.csv", studies_csv(input.score)},
          {"curves.csv", curves_csv(input.trials)},
          {"sensitivity.csv", sensitivity_csv(input.sensitivity)},
          {"after_trials.csv", after_trials_csv(input.sensitivity)},
          {"clock.csv", clock_csv(input.trials)},
          {"step.csv", step_split_csv(input.trials)},
          {"first_steps.csv", first_steps_csv(input.trials)},
          {"null_measurements.csv", null_measurement_csv(input.null_measurements)},
          {"memory.csv", memory_csv(input.trials)},
          {"host_waits.csv", host_waits_csv(input.trials)},
          {"machine.csv", machine_csv(input.trials)},
          {"exhibits.csv", exhibits_csv(input.trials)},
          {"trials.csv", trial_csv(input.lines)}};
}

void write_report_csv(const std::filesystem::path& folder, const ReportInput& input) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  for (const auto& [name, text] : report_csv(input)) {
    std::ofstream stream(folder / name, std::ios::binary | std::ios::trunc);
    stream << text;
    stream.close();
    if (stream) continue;
    throw UserError({"the numbers of the report cannot be written", (folder / name).string(),
                     error ? error.message() : "", "name a folder that may be written and has room"});
  }
}

}  // namespace timetrial
