#include "harness/controller/null_measurement_run.h"

#include <chrono>

#include "harness/controller/temporary_directory.h"
#include "harness/controller/worker_process.h"
#include "harness/errors/user_error.h"
#include "tuning/strict_json.h"

namespace timetrial {

NullMeasurement run_null_measurement(const std::filesystem::path& results, const std::string& device,
                                     int64_t threads) {
  const TemporaryDirectory folder(results);
  const std::filesystem::path file = folder.path() / "seconds.json";
  const auto begin = std::chrono::steady_clock::now();
  const WorkerEnd end =
      WorkerProcess("null-measurement", folder.path(), /*show_output=*/false,
                    {"--device", device, "--threads", std::to_string(threads), "--json", file.string()})
          .wait();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  if (end.signal != 0 || end.exit_code != 0) {
    throw UserError({"what the harness itself costs could not be measured", "",
                     end.signal != 0 ? "the worker was ended by " + describe_signal(end.signal) : end.message,
                     "the trials run all the same; timetrial-worker null-measurement shows the problem"});
  }
  NullMeasurement measurement =
      null_measurement_from_json(read_text_file(file.string(), "null measurement"), file.string());
  measurement.seconds["worker"] = wall.count() - measurement.seconds.at("measurement");
  return measurement;
}

}  // namespace timetrial
