#include "slurm_fixture.h"

#include <fstream>
#include <sstream>
#include <thread>

namespace timetrial {

void SlurmSweep::SetUp() {
  if (const std::string obstacle = MiniCluster::obstacle(); !obstacle.empty()) GTEST_SKIP() << obstacle;
  EndToEnd::SetUp();
  if (IsSkipped() || HasFatalFailure()) return;
  ASSERT_NO_THROW(cluster_.emplace(folder() / "cluster"));
}

void SlurmSweep::TearDown() {
  if (HasFailure() && cluster_) std::cout << cluster_->log() << task_logs() << std::endl;
  cluster_.reset();
  EndToEnd::TearDown();
}

std::vector<std::string> SlurmSweep::sweep_arguments(const std::vector<std::string>& submissions,
                                                     int64_t seconds) const {
  std::vector<std::string> arguments = {"sweep",
                                        "--ruleset",
                                        write_rules({}),
                                        "--budget",
                                        std::to_string(seconds),
                                        "--ignore-targets",
                                        "--threads",
                                        "1",
                                        "--results",
                                        results().string()};
  for (const std::string& name : submissions) {
    arguments.push_back("--submission");
    arguments.push_back(submission(name));
  }
  return arguments;
}

void SlurmSweep::submit(const std::vector<std::string>& submissions, int64_t seconds,
                        const std::vector<std::string>& more) {
  std::vector<std::string> arguments = sweep_arguments(submissions, seconds);
  arguments.push_back("--slurm");
  arguments.insert(arguments.end(), more.begin(), more.end());
  const ProgramEnd end = timetrial(arguments);
  ASSERT_EQ(end.exit_code, kDone) << end.output;
  ASSERT_THAT(end.output, ::testing::HasSubstr("submitted as SLURM job")) << end.output;
}

std::string SlurmSweep::sweep_id() const {
  std::vector<std::string> ids;
  for (const auto& entry : std::filesystem::directory_iterator(results() / "sweeps"))
    ids.push_back(entry.path().filename().string());
  EXPECT_EQ(ids.size(), 1U);
  return ids.empty() ? "" : ids.front();
}

std::string SlurmSweep::only_job() const {
  std::istringstream text(cluster_->ask({"squeue", "-h", "-r", "-o", "%F_%K"}));
  std::string job, more;
  text >> job;
  EXPECT_FALSE(text >> more) << "more than one task";
  return job;
}

std::string SlurmSweep::node_of(const std::string& job) const {
  std::istringstream text(cluster_->ask({"squeue", "-h", "-j", job, "-o", "%N"}));
  std::string node;
  text >> node;
  return node;
}

bool SlurmSweep::patiently(const std::function<bool()>& condition, double seconds) const {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return true;
}

void SlurmSweep::wait_for_checkpoint(const std::filesystem::path& trial, size_t starts) const {
  ASSERT_TRUE(patiently([&] {
    size_t begun = 0;
    bool saved = false;
    for (const JournalRecord& record : read_journal(trial).records) {
      if (std::holds_alternative<StartRecord>(record)) ++begun, saved = false;
      if (std::holds_alternative<CheckpointRecord>(record)) saved = true;
    }
    return begun >= starts && saved;
  })) << "no checkpoint in start "
      << starts;
  ASSERT_TRUE(records_of<OutcomeRecord>(trial).empty()) << "the trial ended too soon";
}

void SlurmSweep::wait_for_outcome(const std::filesystem::path& trial) const {
  ASSERT_TRUE(patiently([&] { return !records_of<OutcomeRecord>(trial).empty(); }))
      << "the trial does not end";
}

void SlurmSweep::wait_for_empty_queue() const {
  ASSERT_TRUE(patiently([&] {
    return cluster_->ask({"squeue", "-h"}).empty();
  })) << cluster_->ask({"squeue"});
}

std::string SlurmSweep::task_logs() const {
  std::string text;
  std::error_code absent;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(results() / "sweeps", absent)) {
    if (entry.path().extension() != ".log") continue;
    std::ifstream stream(entry.path());
    text +=
        entry.path().filename().string() + ":\n" + std::string{std::istreambuf_iterator<char>(stream), {}};
  }
  return text;
}

void expect_one_sound_history(const std::filesystem::path& trial, size_t starts) {
  EXPECT_THAT(read_journal(trial).problems, ::testing::IsEmpty());
  EXPECT_EQ(records_of<StartRecord>(trial).size(), starts);
  EXPECT_FALSE(is_trouble(outcome_record(trial).outcome)) << outcome_record(trial).message;
  int64_t last = 0;  // within an attempt steps only grow: a second writer would step in between
  for (const JournalRecord& record : read_journal(trial).records) {
    if (const auto* start = std::get_if<StartRecord>(&record))
      last = std::max<int64_t>(0, start->resumed_from_step);
    if (const auto* evaluation = std::get_if<EvaluationRecord>(&record)) {
      EXPECT_GT(evaluation->step, last);
      last = evaluation->step;
    }
  }
}

}  // namespace timetrial
