#pragma once

// A real SLURM on this machine: munged, slurmctld and a slurmd for each of three nodes, in the foreground,
// with all they write below one folder and ports of their own. Everything that was started from it ends with
// it, the jobs included, also when the test is killed.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace timetrial {

class MiniCluster {
 public:
  static constexpr int kNodes = 3;
  static constexpr int kMaxArraySize = 3;

  // Why there can be none here; "" when there can.
  static std::string obstacle();

  // Sets SLURM_CONF for this process and its children. Throws std::runtime_error when it does not come up in
  // time.
  explicit MiniCluster(const std::filesystem::path& folder);
  ~MiniCluster();
  MiniCluster(const MiniCluster&) = delete;
  MiniCluster& operator=(const MiniCluster&) = delete;

  // As if the machine had lost its network and its daemons: what the job itself started lives on. SLURM is
  // told at once, and starts the job elsewhere.
  void lose_node(const std::string& node);

  void kill_controller();   // SIGKILL; returns once it has saved what it knows of its jobs
  void start_controller();  // returns once it answers

  // SLURM holds back a job that is to start again until its node has forgotten the first start, five seconds;
  // where another node takes it, it may start now.
  void start_now(const std::string& job) const;

  // stdout of one of SLURM's programs; a test failure when it fails.
  std::string ask(const std::vector<std::string>& words) const;
  // The same where it may fail.
  bool tell(const std::vector<std::string>& words) const;

  // Ids of processes that a job started on `node`, daemons left out.
  std::vector<pid_t> job_processes(const std::string& node) const;
  std::string log() const;  // the last lines of what the daemons said

 private:
  pid_t start(const std::string& name, std::vector<std::string> words, const std::string& node = "");
  void end(const std::string& name, int signal);
  void write_configuration() const;
  // Of this cluster, another test may have its own beside it; of those the ones with "NAME=value" in their
  // environment.
  std::vector<pid_t> processes(const std::string& variable = "") const;

  std::filesystem::path folder_;
  std::map<std::string, pid_t> daemons_;
};

}  // namespace timetrial
