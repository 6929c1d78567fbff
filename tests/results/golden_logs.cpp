#include "golden_logs.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <stdexcept>

#include <zlib.h>

namespace timetrial {

namespace {

std::string path_of(const std::string& name, const std::string& ending) {
  return std::string(TIMETRIAL_SOURCE_DIR) + "/../shared/golden/scoring/" + name + ending;
}

std::string read_gzip(const std::string& file) {
  gzFile stream = gzopen(file.c_str(), "rb");
  if (stream == nullptr) throw std::runtime_error("cannot read " + file);
  std::string text;
  std::vector<char> buffer(1 << 20);
  for (int count = 0; (count = gzread(stream, buffer.data(), static_cast<unsigned>(buffer.size()))) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  gzclose(stream);
  return text;
}

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells(1);
  for (const char letter : line) {
    if (letter == ',') {
      cells.emplace_back();
    } else {
      cells.back() += letter;
    }
  }
  return cells;
}

double number_from(const std::string& cell) {
  return cell.empty() ? std::numeric_limits<double>::quiet_NaN() : std::strtod(cell.c_str(), nullptr);
}

TrialResult start_trial(const std::vector<std::string>& cells, const nlohmann::json& expected) {
  const nlohmann::json& base_of_variant = expected["base_of_variant"];
  TrialResult trial;
  trial.spec.submission = cells[0];
  trial.spec.study = std::stoll(cells[1]);
  trial.spec.workload = cells[2];
  if (base_of_variant.contains(cells[2])) {
    trial.spec.workload = base_of_variant[cells[2]].get<std::string>();
    trial.spec.variant = cells[2].substr(trial.spec.workload.size() + 1);
  }
  trial.spec.trial = std::stoll(cells[4]);
  trial.spec.hardware_class = "8xV100-16GB";
  trial.spec.target.metric = cells[9];
  trial.spec.target.goal =
      expected["metric_direction"][cells[9]] == "min" ? MetricGoal::minimize : MetricGoal::maximize;
  const nlohmann::json& targets = expected["targets"];
  trial.spec.target.validation = targets.contains(cells[2])
                                     ? targets[cells[2]]["validation_target"].get<double>()
                                     : std::numeric_limits<double>::quiet_NaN();
  return trial;
}

// Columns: submission, study, workload, framework, trial, eval_index, global_step,
// accumulated_submission_time, accumulated_eval_time, metric, validation_value, test_value.
GoldenLogs read_logs(const std::string& name) {
  GoldenLogs logs;
  logs.expected = nlohmann::json::parse(std::ifstream(path_of(name, ".expected.json")));
  const std::string text = read_gzip(path_of(name, ".evals.csv.gz"));
  std::string place;
  for (std::size_t start = text.find('\n') + 1; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::vector<std::string> cells = split(text.substr(start, end - start));
    start = end + 1;
    const std::string here = cells[0] + "," + cells[1] + "," + cells[2] + "," + cells[3] + "," + cells[4];
    if (here != place) logs.trials.push_back(start_trial(cells, logs.expected));
    place = here;
    EvaluationRecord evaluation;
    evaluation.step = static_cast<int64_t>(number_from(cells[6]));
    evaluation.submission_seconds = number_from(cells[7]);
    evaluation.evaluation_seconds = number_from(cells[8]);
    evaluation.metrics["validation/" + cells[9]] = number_from(cells[10]);
    logs.trials.back().evaluations.push_back(std::move(evaluation));
  }
  return logs;
}

}  // namespace

bool golden_logs_exist(const std::string& name) {
  return std::filesystem::exists(path_of(name, ".expected.json"));
}

const GoldenLogs& golden_logs(const std::string& name) {
  static std::map<std::string, GoldenLogs> read;
  const auto found = read.find(name);
  return found != read.end() ? found->second : read.emplace(name, read_logs(name)).first->second;
}

}  // namespace timetrial
