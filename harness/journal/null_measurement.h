#pragma once

// What the harness itself costs on a machine, measured with a submission that does nothing on a workload that
// has nothing. The worker measures and writes it, the controller keeps it in the result file; all in seconds.

#include <cstdint>
#include <map>
#include <string>

namespace timetrial {

struct NullMeasurement {
  int64_t id = 0;           // given by the result file
  double unix_seconds = 0;  // when it was made
  std::string device;       // "cpu", "cuda" …
  int64_t threads = 0;      // as asked for; 0: all cores
  std::map<std::string, std::string> build;
  std::map<std::string, std::string> machine;
  // Medians; "slowest": the 99th percentile.
  //   step, step_slowest                      the harness's part of a step, one in sixteen sampled
  //   step_synchronised, …_slowest            the same with --clock per-step
  //   sampled_step                            what the stamps of a sampled step add to it
  //   clock_stop_and_start                    around an evaluation
  //   evaluation                              its bookkeeping
  //   journal_record                          an evaluation's, until it is on the disk of the results
  //   checkpoint                              an empty one, until it is there
  //   worker                                  start and exit of a worker process
  //   measurement                             all of these but the worker
  std::map<std::string, double> seconds;
};

// "step" -> "a step": how tables call it; a name that is not known stays as it is.
std::string null_measurement_label(const std::string& name);

std::string null_measurement_to_json(const NullMeasurement& measurement);
// Throws UserError naming the field that is missing, unknown or of the wrong type.
NullMeasurement null_measurement_from_json(const std::string& text, const std::string& where);

}  // namespace timetrial
