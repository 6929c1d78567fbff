#include "harness/cluster/slurm_sweep.h"

#include <set>

#include "harness/cluster/job_arrays.h"
#include "harness/controller/trial_execution.h"
#include "harness/errors/user_error.h"
#include "harness/journal/checksum.h"
#include "harness/journal/durable_file.h"
#include "harness/machine/machine.h"

namespace timetrial {

namespace {

constexpr const char* kScript = "job.sh";

std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

// Two results folders may hold the same sweep.
std::string job_name(const std::filesystem::path& results, const SweepPlan& plan, size_t number) {
  return "timetrial-" + plan.id + "-" +
         crc32_of(std::filesystem::absolute(results).lexically_normal().string()) + "-" +
         std::to_string(number);
}

std::set<std::string> arrays_of(const std::vector<QueuedTask>& queue) {
  std::set<std::string> arrays;
  for (const QueuedTask& task : queue) arrays.insert(task.array_job);
  return arrays;
}

}  // namespace

std::vector<std::string> job_names(const Submissions& submissions) {
  std::vector<std::string> names;
  for (const SubmittedArray& submission : submissions.made) names.push_back(submission.job_name);
  return names;
}

std::map<int64_t, QueuedTask> tasks_by_trial(const Submissions& submissions,
                                             const std::vector<QueuedTask>& queue) {
  std::map<std::string, int64_t> offsets;
  for (const SubmittedArray& submission : submissions.made) offsets[submission.job_name] = submission.offset;
  std::map<int64_t, QueuedTask> tasks;
  for (const QueuedTask& task : queue) {
    const auto offset = offsets.find(task.job_name);
    if (offset != offsets.end() && task.array_task >= 0) tasks[offset->second + task.array_task] = task;
  }
  return tasks;
}

std::vector<std::string> submit_arguments(const SlurmSettings& settings, const SubmittedArray& submission,
                                          const std::string& tasks, const std::vector<std::string>& after,
                                          const std::filesystem::path& sweep_folder) {
  std::string array = tasks;
  if (settings.max_concurrent) array += "%" + std::to_string(*settings.max_concurrent);
  const int64_t grace = settings.grace_seconds.value_or(kDefaultGraceSeconds);
  std::vector<std::string> arguments = {"--job-name=" + submission.job_name,
                                        "--array=" + array,
                                        "--nodes=1",
                                        "--requeue",
                                        "--open-mode=append",
                                        "--output=" + (sweep_folder / "log" / "%A_%a.log").string(),
                                        "--signal=B:TERM@" + std::to_string(grace)};
  const auto add = [&](const char* option, const std::optional<std::string>& value) {
    if (value) arguments.push_back(option + *value);
  };
  add("--partition=", settings.partition);
  add("--gres=", settings.gres);
  add("--time=", settings.time);
  add("--mem=", settings.memory);
  if (settings.cpus) arguments.push_back("--cpus-per-task=" + std::to_string(*settings.cpus));
  if (!after.empty()) {
    std::string dependency = "--dependency=afterany";
    for (const std::string& job : after) dependency += ":" + job;
    arguments.push_back(dependency);
  }
  arguments.insert(arguments.end(), settings.sbatch_arguments.begin(), settings.sbatch_arguments.end());
  arguments.push_back((sweep_folder / kScript).string());
  arguments.push_back(std::to_string(submission.offset));
  return arguments;
}

std::string job_script(const SlurmSettings& settings, const std::filesystem::path& program,
                       const std::filesystem::path& results, const std::string& id) {
  std::string text = "#!/bin/bash\n# One trial of sweep " + id +
                     ", written by timetrial. Argument: the place in plan.json of task 0 of the array.\n";
  for (const std::string& line : settings.setup) text += line + "\n";
  // exec: the signal before the end of the time goes to this process alone.
  return text + "exec " + quoted(program.string()) + " task " + quoted(id) +
         " \"$(($1 + SLURM_ARRAY_TASK_ID))\" --results " + quoted(results.string()) + "\n";
}

SubmitReport submit_sweep(const std::filesystem::path& results, const SweepPlan& plan,
                          const SlurmSettings& settings, const Slurm& slurm) {
  const std::filesystem::path folder = sweep_folder(results, plan.id);
  Submissions submissions = read_submissions(folder);
  submissions.settings = settings;
  require_sensible(submissions.settings);
  const std::vector<QueuedTask> queue = slurm.queue(job_names(submissions));
  const std::map<int64_t, QueuedTask> tasks = tasks_by_trial(submissions, queue);

  SubmitReport report;
  std::vector<int64_t> trials;
  const std::vector<std::filesystem::path> directories = trial_directories_of(results, plan);
  for (size_t i = 0; i < directories.size(); ++i) {
    const auto place = static_cast<int64_t>(i);
    if (is_final(outcome_of(directories[i]))) {
      ++report.finished;
    } else if (tasks.contains(place)) {
      ++report.queued;
    } else {
      trials.push_back(place);
    }
  }
  if (trials.empty()) return report;

  std::filesystem::create_directories(folder / "log");
  write_file_durably(folder / kScript,
                     job_script(submissions.settings, program_folder() / "timetrial", results, plan.id));
  // A limit on trials at a time holds within one array: arrays then run one after the other.
  const std::set<std::string> live = arrays_of(queue);
  std::vector<std::string> after;
  if (submissions.settings.max_concurrent) after.assign(live.begin(), live.end());
  for (const JobArray& array : job_arrays(trials, slurm.max_array_size())) {
    submissions.made.push_back({job_name(results, plan, submissions.made.size() + 1), array.offset, ""});
    write_submissions(folder, submissions);
    SubmittedArray& submission = submissions.made.back();
    submission.job = slurm.submit(
        submit_arguments(submissions.settings, submission, ranges_text(array.tasks), after, folder));
    write_submissions(folder, submissions);
    report.submitted += static_cast<int64_t>(array.tasks.size());
    report.jobs.push_back(submission.job);
    if (submissions.settings.max_concurrent) after = {submission.job};
  }
  return report;
}

}  // namespace timetrial
