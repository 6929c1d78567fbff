#include "mini_cluster.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <random>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netdb.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/cluster/program_call.h"

namespace timetrial {

namespace {

constexpr auto kClusterPatience = std::chrono::seconds(90);
constexpr double kCallSeconds = 60;
constexpr const char* kMark = "TIMETRIAL_MINI_CLUSTER";
constexpr const char* kNodeMark = "TIMETRIAL_MINI_CLUSTER_NODE";

bool wait_until(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + kClusterPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;  // of a process that ends meanwhile it is empty, where an iterator would throw
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

std::string host_name() {
  char name[256] = "";
  ::gethostname(name, sizeof(name) - 1);
  return std::string(name).substr(0, std::string(name).find('.'));
}

std::string user_name() {
  const passwd* user = ::getpwuid(::getuid());
  return user == nullptr ? std::to_string(::getuid()) : user->pw_name;
}

// Free at this moment; another process may take it before the daemon does, and the test then says so.
std::vector<int> free_ports(int count) {
  std::vector<int> sockets, ports;
  for (int i = 0; i < count; ++i) {
    sockets.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    if (::bind(sockets.back(), reinterpret_cast<sockaddr*>(&address), length) != 0 ||
        ::getsockname(sockets.back(), reinterpret_cast<sockaddr*>(&address), &length) != 0) {
      throw std::runtime_error("no free port");
    }
    ports.push_back(ntohs(address.sin_port));
  }
  for (const int socket : sockets) ::close(socket);
  return ports;
}

std::string daemon_program(const std::string& name) {
  for (const char* folder : {"/usr/sbin/", "/usr/local/sbin/", "/usr/bin/", "/sbin/"}) {
    if (::access((folder + name).c_str(), X_OK) == 0) return folder + name;
  }
  return "";
}

}  // namespace

std::string MiniCluster::obstacle() {
  for (const char* program : {"munged", "slurmctld", "slurmd"}) {
    if (daemon_program(program).empty())
      return std::string("there is no ") + program +
             "; Debian's packages: slurmctld slurmd slurm-client munge";
  }
  for (const char* program : {"sbatch", "squeue", "scontrol"}) {
    if (!call_program({program, "--version"}, kCallSeconds).started)
      return std::string("there is no ") + program;
  }
  addrinfo* found = nullptr;
  if (::getaddrinfo(host_name().c_str(), nullptr, nullptr, &found) != 0)
    return "the name of this machine, " + host_name() + ", has no address";
  ::freeaddrinfo(found);
  return "";
}

MiniCluster::MiniCluster(const std::filesystem::path& folder) : folder_(folder) {
  for (const char* name : {"state", "log", "run"}) std::filesystem::create_directories(folder_ / name);
  ::setenv("SLURM_CONF", (folder_ / "slurm.conf").c_str(), 1);
  ::setenv(kMark, folder_.c_str(), 1);
  write_configuration();
  const std::string run = (folder_ / "run").string();
  start("munged",
        {"--foreground", "--force", "--socket=" + run + "/munge.sock",
         "--key-file=" + (folder_ / "munge.key").string(), "--pid-file=" + run + "/munged.pid",
         "--log-file=" + (folder_ / "log/munged.log").string(), "--seed-file=" + run + "/munge.seed"});
  if (!wait_until([&] { return std::filesystem::exists(run + "/munge.sock"); }))
    throw std::runtime_error("munged does not start: " + log());
  start_controller();
  for (int i = 1; i <= kNodes; ++i) {
    const std::string node = "n" + std::to_string(i);
    std::filesystem::create_directories(run + "/spool-" + node);
    start("slurmd", {"-D", "-N", node, "-f", (folder_ / "slurm.conf").string()}, node);
  }
  const auto all_idle = [&] {
    const ProgramResult nodes = call_program({"sinfo", "-h", "-N", "-o", "%T"}, kCallSeconds);
    std::istringstream states(nodes.output);
    int idle = 0;
    for (std::string state; states >> state;) idle += state == "idle" ? 1 : 0;
    return idle == kNodes;
  };
  if (!wait_until(all_idle)) throw std::runtime_error("the nodes do not come up: " + log());
}

MiniCluster::~MiniCluster() {
  while (!daemons_.empty()) end(daemons_.begin()->first, SIGKILL);
  // Steps and jobs; a process may just be starting another one.
  wait_until([&] {
    const std::vector<pid_t> left = processes();
    for (const pid_t process : left) ::kill(process, SIGKILL);
    return left.empty();
  });
  ::unsetenv("SLURM_CONF");
  ::unsetenv(kMark);
}

void MiniCluster::write_configuration() const {
  std::random_device random;
  std::string key(128, '\0');
  for (char& byte : key) byte = static_cast<char>(random());
  std::ofstream(folder_ / "munge.key", std::ios::binary) << key;
  std::filesystem::permissions(folder_ / "munge.key", std::filesystem::perms::owner_read);
  const std::string at = folder_.string();
  const std::vector<int> ports = free_ports(kNodes + 1);
  std::ofstream conf(folder_ / "slurm.conf");
  conf << "ClusterName=mini\nSlurmctldHost=" << host_name() << "(127.0.0.1)\nSlurmUser=" << user_name()
       << "\nSlurmdUser=" << user_name() << "\nSlurmctldPort=" << ports[0]
       << "\nAuthType=auth/munge\nCryptoType=crypto/munge\nAuthInfo=socket=" << at
       << "/run/munge.sock,cred_expire=5\nStateSaveLocation=" << at << "/state\nSlurmdSpoolDir=" << at
       << "/run/spool-%n\nSlurmctldPidFile=" << at << "/run/slurmctld.pid\nSlurmdPidFile=" << at
       << "/run/slurmd-%n.pid\nSlurmctldLogFile=" << at << "/log/slurmctld.log\nSlurmdLogFile=" << at
       << "/log/slurmd-%n.log\n"
       // What a machine without privileges and without cgroups can do.
       << "ProctrackType=proctrack/linuxproc\nTaskPlugin=task/none\nSwitchType=switch/none\nMpiDefault=none\n"
       << "JobAcctGatherType=jobacct_gather/none\nAccountingStorageType=accounting_storage/none\n"
       << "SelectType=select/cons_tres\nSelectTypeParameters=CR_Core\nSlurmdParameters=config_overrides\n"
       // Quick.
       << "SchedulerType=sched/backfill\n"
       << "SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0,sched_min_interval=100000\n"
       << "ReturnToService=2\nSlurmctldTimeout=10\nSlurmdTimeout=300\nKillWait=5\nMinJobAge=3600\nJobRequeue="
          "1\n"
       << "InactiveLimit=0\nMaxArraySize=" << kMaxArraySize << "\n";
  for (int i = 1; i <= kNodes; ++i) {
    conf << "NodeName=n" << i << " NodeHostname=" << host_name()
         << " NodeAddr=127.0.0.1 Port=" << ports[static_cast<size_t>(i)]
         << " Sockets=1 CoresPerSocket=4 ThreadsPerCore=1 RealMemory=1000 State=UNKNOWN\n";
  }
  conf << "PartitionName=main Nodes=n[1-" << kNodes << "] Default=YES MaxTime=INFINITE State=UP\n";
}

pid_t MiniCluster::start(const std::string& name, std::vector<std::string> words, const std::string& node) {
  const std::string program = daemon_program(name);
  words.insert(words.begin(), program);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const std::string said = (folder_ / "log" / (name + node + ".said")).string();
  const pid_t process = ::fork();
  if (process == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int file = ::open(said.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    ::dup2(file, STDOUT_FILENO);
    ::dup2(file, STDERR_FILENO);
    if (!node.empty()) ::setenv(kNodeMark, node.c_str(), 1);
    ::execv(program.c_str(), arguments.data());
    ::_exit(127);
  }
  daemons_[name + node] = process;
  return process;
}

void MiniCluster::end(const std::string& name, int signal) {
  const auto daemon = daemons_.find(name);
  if (daemon == daemons_.end()) return;
  ::kill(daemon->second, signal);
  ::waitpid(daemon->second, nullptr, 0);
  daemons_.erase(daemon);
}

void MiniCluster::start_controller() {
  start("slurmctld", {"-D", "-f", (folder_ / "slurm.conf").string()});
  if (!wait_until([] {
        return call_program({"scontrol", "ping"}, kCallSeconds).output.find(" UP") != std::string::npos;
      }))
    throw std::runtime_error("slurmctld does not start: " + log());
}

void MiniCluster::kill_controller() {
  // It writes its jobs to disk every few seconds; what it has not written yet, it forgets.
  const std::filesystem::path state = folder_ / "state" / "job_state";
  std::error_code absent;
  const auto before = std::filesystem::last_write_time(state, absent);
  tell({"scontrol", "update", "NodeName=n3", "Comment=written"});
  EXPECT_TRUE(wait_until([&] {
    const auto now = std::filesystem::last_write_time(state, absent);
    return !absent && now != before;
  })) << "slurmctld does not save its state";
  end("slurmctld", SIGKILL);
}

void MiniCluster::lose_node(const std::string& node) {
  end("slurmd" + node, SIGKILL);
  for (const pid_t process : processes(std::string(kNodeMark) + "=" + node)) {
    if (text_of("/proc/" + std::to_string(process) + "/comm").starts_with("slurmstepd"))
      ::kill(process, SIGKILL);
  }
  ask({"scontrol", "update", "NodeName=" + node, "State=DOWN", "Reason=lost"});
}

void MiniCluster::start_now(const std::string& job) const {
  tell({"scontrol", "update", "JobId=" + job, "StartTime=now"});
}

std::string MiniCluster::ask(const std::vector<std::string>& words) const {
  const ProgramResult result = call_program(words, kCallSeconds);
  EXPECT_TRUE(result.started && result.in_time && result.exit_code == 0) << words[0] << ": " << result.errors;
  return result.output;
}

bool MiniCluster::tell(const std::vector<std::string>& words) const {
  const ProgramResult result = call_program(words, kCallSeconds);
  return result.started && result.in_time && result.exit_code == 0;
}

std::vector<pid_t> MiniCluster::processes(const std::string& variable) const {
  std::vector<pid_t> processes;
  const std::string mine = std::string(kMark) + "=" + folder_.string();
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", gone)) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto process = static_cast<pid_t>(std::stol(name));
    if (process == ::getpid()) continue;
    const std::string environment = '\0' + text_of(entry.path() / "environ");
    const auto has = [&](const std::string& text) {
      return environment.find('\0' + text + '\0') != std::string::npos;
    };
    if (has(mine) && (variable.empty() || has(variable))) processes.push_back(process);
  }
  return processes;
}

std::vector<pid_t> MiniCluster::job_processes(const std::string& node) const {
  return processes("SLURMD_NODENAME=" + node);
}

std::string MiniCluster::log() const {
  std::string text;
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "log", absent)) {
    const std::string all = text_of(entry.path());
    text += entry.path().filename().string() + ": " +
            (all.size() > 2000 ? all.substr(all.size() - 2000) : all) + "\n";
  }
  return text;
}

}  // namespace timetrial
