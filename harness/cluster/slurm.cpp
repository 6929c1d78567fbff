#include "harness/cluster/slurm.h"

#include <sstream>

#include "harness/cluster/program_call.h"
#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

// SLURM's programs themselves wait up to a minute for a controller that is being restarted.
constexpr double kPatienceSeconds = 120;
constexpr size_t kFieldWidths[] = {120, 24, 24, 24, 12, 60};

std::string trimmed(const std::string& text) {
  const size_t begin = text.find_first_not_of(" \n\t");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \n\t") - begin + 1);
}

std::string told(const ProgramResult& result) {
  const std::string words = trimmed(result.errors.empty() ? result.output : result.errors);
  return words.empty() ? "exit code " + std::to_string(result.exit_code) : words;
}

ProgramResult call(const std::vector<std::string>& words) {
  ProgramResult result = call_program(words, kPatienceSeconds);
  if (!result.started) {
    throw UserError(
        {"SLURM is not here", "", words[0] + " cannot be run",
         "log in to a machine of the cluster, put SLURM's programs on PATH, or run the sweep without "
         "--slurm"});
  }
  if (!result.in_time) {
    throw UserError({"SLURM does not answer", "", words[0] + " took more than 120 s",
                     "see with sinfo whether the cluster is up, then run the same command again"});
  }
  return result;
}

std::string require_success(const std::vector<std::string>& words, const std::string& what,
                            const std::string& cure) {
  const ProgramResult result = call(words);
  if (result.exit_code != 0) throw UserError({what, words[0], told(result), cure});
  return result.output;
}

bool is_unknown_job(const ProgramResult& result) {
  return result.exit_code != 0 && result.errors.find("Invalid job id") != std::string::npos;
}

int64_t number_in(const std::string& text, int64_t otherwise) {
  try {
    return std::stoll(text);
  } catch (const std::exception&) {
    return otherwise;
  }
}

}  // namespace

std::string Slurm::submit(const std::vector<std::string>& arguments) const {
  std::vector<std::string> words = {"sbatch", "--parsable"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const std::string output = require_success(
      words, "SLURM refuses the jobs",
      "correct the options or the site file; what is submitted already stays, and timetrial sweep "
      "--resume submits the rest");
  return trimmed(output.substr(0, output.find(';')));  // "17;cluster" where there are several clusters
}

std::vector<QueuedTask> Slurm::queue(const std::vector<std::string>& job_names) const {
  if (job_names.empty()) return {};
  std::string names;
  for (const std::string& name : job_names) names += (names.empty() ? "" : ",") + name;
  return queue_from_text(
      require_success({"squeue", "--noheader", "--array", "--name", names, "--Format", kQueueFields},
                      "SLURM does not tell its queue", "see with squeue whether the cluster is up"));
}

std::string Slurm::state_of(const std::string& job) const {
  const ProgramResult result = call({"squeue", "--noheader", "--jobs", job, "--format", "%T"});
  if (is_unknown_job(result)) return "";
  if (result.exit_code != 0)
    throw UserError({"SLURM does not tell the state of job " + job, "squeue", told(result), ""});
  return trimmed(result.output);
}

void Slurm::requeue(const std::string& job) const {
  require_success({"scontrol", "requeue", job}, "SLURM does not start job " + job + " again",
                  "timetrial sweep --resume submits it anew");
}

int64_t Slurm::max_array_size() const {
  const std::string output = require_success({"scontrol", "show", "config"}, "SLURM does not tell its limits",
                                             "see with sinfo whether the cluster is up");
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("MaxArraySize")) continue;
    if (const int64_t size = number_in(line.substr(line.find('=') + 1), 0); size > 1) return size;
  }
  throw UserError({"this cluster takes no job arrays", "scontrol show config", "no MaxArraySize above 1",
                   "ask its administrator to raise MaxArraySize"});
}

std::vector<QueuedTask> queue_from_text(const std::string& text) {
  std::vector<QueuedTask> tasks;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (trimmed(line).empty()) continue;
    std::vector<std::string> fields;
    size_t begin = 0;
    for (const size_t width : kFieldWidths) {
      fields.push_back(begin < line.size() ? trimmed(line.substr(begin, width)) : "");
      begin += width;
    }
    if (fields[3].empty()) throw UserError({"squeue's answer is not understood", "", line, ""});
    tasks.push_back(
        {fields[0], fields[1], number_in(fields[2], -1), fields[3], number_in(fields[4], 0), fields[5]});
  }
  return tasks;
}

}  // namespace timetrial
