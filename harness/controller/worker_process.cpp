#include "harness/controller/worker_process.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/errors/user_error.h"
#include "harness/isolation/exec_texts.h"
#include "harness/journal/durable_file.h"
#include "harness/journal/worker_exit.h"
#include "harness/machine/machine.h"

namespace timetrial {

namespace {

constexpr int kCouldNotStart = 127;

// In "NAME=value" texts.
void set_variable(std::vector<std::string>& environment, const std::string& name, const std::string& value) {
  std::erase_if(environment, [&](const std::string& text) { return text.starts_with(name + "="); });
  environment.push_back(name + "=" + value);
}

// OpenMP threads that wait for work spin for milliseconds by default. Where anything else wants the cores
// (the loader's thread on a small machine is enough) that starves the very threads they wait for: a step gets
// up to 100 times slower. A short spin costs nothing on an idle machine. What the user has set stands.
void limit_spinning(std::vector<std::string>& environment) {
  if (::getenv("OMP_WAIT_POLICY") == nullptr && ::getenv("GOMP_SPINCOUNT") == nullptr)
    set_variable(environment, "GOMP_SPINCOUNT", "10000");
}

std::string log_name(const std::optional<WorkerRank>& rank) {
  return rank && rank->rank > 0 ? "worker-rank-" + std::to_string(rank->rank) + ".log" : "worker.log";
}

// As harness/distributed/rank_place.h reads it.
void tell_rank(const WorkerRank& rank, std::vector<std::string>& environment) {
  set_variable(environment, "TIMETRIAL_RANK", std::to_string(rank.rank));
  set_variable(environment, "TIMETRIAL_RANKS", std::to_string(rank.ranks));
  set_variable(environment, "TIMETRIAL_LAUNCH", rank.launch);
}

std::vector<std::string> launcher_line(LaunchPolicy policy, int message, int report,
                                       const std::vector<std::string>& command) {
  policy.kept_descriptors = {message};
  policy.report_descriptor = report;
  std::vector<std::string> line = {(program_folder() / "timetrial-launcher").string(),
                                   launch_policy_to_json(policy)};
  line.insert(line.end(), command.begin(), command.end());
  return line;
}

}  // namespace

std::filesystem::path worker_program() {
  return program_folder() / "timetrial-worker";
}

WorkerProcess::WorkerProcess(const std::string& command, const std::filesystem::path& trial_directory,
                             bool show_output, const std::vector<std::string>& more_arguments,
                             const std::optional<WorkerRank>& rank, const LaunchPolicy* policy) {
  const std::string program = worker_program().string();
  if (::access(program.c_str(), X_OK) != 0) {
    throw UserError(
        {"the worker program is missing", program, std::strerror(errno), "build or install timetrial again"});
  }
  const std::filesystem::path log_path = trial_directory / log_name(rank);
  FileDescriptor log;
  if (!show_output) {
    log = FileDescriptor(::open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (!log.valid()) throw_file_error("cannot be opened for writing", log_path, errno);
  }
  message_ = FileDescriptor(::memfd_create("worker-message", MFD_CLOEXEC));
  if (!message_.valid()) {
    throw UserError({"the worker cannot be started", program, std::strerror(errno), "close other programs"});
  }
  const std::string message_descriptor = std::to_string(message_.get());
  std::vector<std::string> line = {program, command, trial_directory.string()};
  line.insert(line.end(), more_arguments.begin(), more_arguments.end());
  line.insert(line.end(), {kWorkerMessageOption, message_descriptor});
  if (policy != nullptr) {
    report_ = FileDescriptor(::memfd_create("launch-report", MFD_CLOEXEC));
    LaunchPolicy whole = *policy;
    if (whole.level == IsolationLevel::strict) {
      whole.evaluator = {program, "evaluate", trial_directory.string(), kWorkerMessageOption,
                         message_descriptor};
      line = {program, "train", trial_directory.string()};
    }
    line = launcher_line(whole, message_.get(), report_.get(), line);
  }
  std::vector<std::string> environment = own_environment();
  limit_spinning(environment);
  if (rank) tell_rank(*rank, environment);
  const std::vector<char*> arguments = pointers_to(line), variables = pointers_to(environment);
  const pid_t parent = ::getpid();
  // The child shares this process's memory until it is another program, so that a large controller starts
  // workers as fast as a small one. Until then it may change nothing, and no signal may be handled in it.
  sigset_t all, before;
  sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, &before);
  pid_ = ::vfork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(kCouldNotStart);  // the parent died in between
    ::setpgid(0, 0);
    if (log.valid()) {
      ::dup2(log.get(), STDOUT_FILENO);
      ::dup2(log.get(), STDERR_FILENO);
    }
    ::fcntl(message_.get(), F_SETFD, 0);
    if (report_.valid()) ::fcntl(report_.get(), F_SETFD, 0);
    if (policy != nullptr) {
      for (const int descriptor : policy->namespaces) ::fcntl(descriptor, F_SETFD, 0);
    }
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    ::execve(arguments[0], arguments.data(), variables.data());
    ::_exit(kCouldNotStart);
  }
  const int error = errno;
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  if (pid_ < 0)
    throw UserError({"the worker cannot be started", program, std::strerror(error), "close other programs"});
  end_ =
      FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));  // glibc 2.36 declares it for C
}

WorkerProcess::WorkerProcess(WorkerProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      end_(std::move(other.end_)),
      message_(std::move(other.message_)),
      report_(std::move(other.report_)) {}

WorkerProcess::~WorkerProcess() {
  if (pid_ < 0) return;
  request_stop();
  wait();
}

WorkerEnd WorkerProcess::end_from_status(int status) {
  pid_ = -1;
  if (WIFSIGNALED(status)) return {0, WTERMSIG(status), "", std::nullopt};
  if (!report_.valid()) return {WEXITSTATUS(status), 0, contents_of(message_.get()), std::nullopt};
  const LaunchReport report = launch_report_from_json(contents_of(report_.get()));
  if (!report.problem.empty()) return {kWorkerUserError, 0, report.problem, report};
  return {report.exit_code, report.signal, report.signal == 0 ? contents_of(message_.get()) : "", report};
}

std::optional<WorkerEnd> WorkerProcess::poll() {
  int status = 0;
  const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
  if (ended != pid_) return std::nullopt;
  return end_from_status(status);
}

WorkerEnd WorkerProcess::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  return end_from_status(status);
}

void WorkerProcess::request_stop() {
  if (pid_ > 0) ::kill(pid_, SIGTERM);
}

void WorkerProcess::kill() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
}

bool is_crash(int signal) {
  for (const int crash : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP}) {
    if (signal == crash) return true;
  }
  return false;
}

std::string describe_signal(int signal) {
  const char* name = ::sigabbrev_np(signal);
  const char* text = ::sigdescr_np(signal);
  return "SIG" + std::string(name != nullptr ? name : std::to_string(signal)) + " (" +
         (text != nullptr ? text : "unknown") + ")";
}

}  // namespace timetrial
