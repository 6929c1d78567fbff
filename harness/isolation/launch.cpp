#include "harness/isolation/launch.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <thread>

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/isolation/exec_texts.h"
#include "harness/isolation/memory_group.h"
#include "harness/isolation/process_tree.h"
#include "harness/isolation/resource_limits.h"
#include "harness/isolation/shared_namespaces.h"
#include "harness/isolation/worker_environment.h"
#include "harness/journal/file_descriptor.h"
#include "harness/journal/worker_exit.h"

namespace timetrial {

namespace {

using Clock = std::chrono::steady_clock;

// Often enough to stop what takes gigabytes in a second, seldom enough to take little: 0.2 to 0.4 % of a
// core were measured.
constexpr auto kLookEvery = std::chrono::milliseconds(100);
constexpr timespec kLookPeriod{0, std::chrono::nanoseconds(kLookEvery).count()};
constexpr auto kDiskPeriod = std::chrono::milliseconds(500);
constexpr double kEndSeconds = 30;  // for the kernel to take back the memory of what was killed
constexpr int kCouldNotStart = 127;
constexpr auto kTrainerPatience = std::chrono::seconds(5);

int64_t bytes_below(const std::filesystem::path& folder) {
  int64_t bytes = 0;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator entry(folder, error), end; entry != end && !error;
       entry.increment(error)) {
    std::error_code gone;
    if (!entry->is_regular_file(gone)) continue;
    const auto size = entry->file_size(gone);
    if (!gone) bytes += static_cast<int64_t>(size);
  }
  return bytes;
}

int64_t kernel_kills_for_memory() {
  const FileDescriptor file(::open("/proc/vmstat", O_RDONLY | O_CLOEXEC));
  const std::string text = file.valid() ? contents_of(file.get()) : "";
  const size_t place = text.find("\noom_kill ");
  return place == std::string::npos ? 0 : std::atoll(text.c_str() + place + std::strlen("\noom_kill "));
}

class Launch {
 public:
  Launch(const LaunchPolicy& policy, const std::vector<std::string>& command) : policy_(policy) {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    sigemptyset(&signals_);
    for (const int signal : {SIGCHLD, SIGTERM, SIGINT}) sigaddset(&signals_, signal);
    ::sigprocmask(SIG_BLOCK, &signals_, &signals_before_);
    if (policy_.memory_bytes > 0) group_ = MemoryGroup::make(policy_.memory_bytes);
    kills_before_ = kernel_kills_for_memory();
    if (policy_.evaluator.empty()) {
      command_ = start(command, /*apart=*/true, policy_.kept_descriptors);
    } else {
      start_pair(command);
    }
  }

  LaunchReport run() {
    while (awaited() > 0 && !has_ended()) {
      siginfo_t info{};
      const int signal = ::sigtimedwait(&signals_, &info, &kLookPeriod);
      if (signal == SIGTERM || signal == SIGINT) pass_on(signal);
      // By the clock: processes that end all the time wake us as often.
      if (report_.limit != LimitHit::none || Clock::now() - looked_ < kLookEvery) continue;
      if (!has_ended()) look();
    }
    report_.left_running = end_the_rest();
    report_.kernel_ran_out =
        group_ != nullptr ? group_->ran_out() : kernel_kills_for_memory() > kills_before_;
    if (group_ != nullptr) report_.peak_memory_bytes = group_->peak_bytes();
    if (group_ != nullptr && group_->ran_out() && report_.limit == LimitHit::none)
      hit(LimitHit::memory, group_->peak_bytes(), policy_.memory_bytes);
    return report_;
  }

 private:
  // The process whose end is the end.
  pid_t awaited() const { return policy_.evaluator.empty() ? command_ : evaluator_; }

  // Each end of the wire is open in one process alone, so that the other learns of that one's death.
  void start_pair(const std::vector<std::string>& trainer) {
    int ends[2] = {-1, -1};
    const FileDescriptor memory(::memfd_create("trial-tensors", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!memory.valid() || ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
      report_.problem = std::string("trainer and evaluator cannot be connected: ") + std::strerror(errno);
      return;
    }
    const FileDescriptor of_trainer(ends[0]), of_evaluator(ends[1]);
    const auto line = [&](std::vector<std::string> words, const FileDescriptor& end) {
      words.insert(words.end(),
                   {"--peer", std::to_string(end.get()), "--memory", std::to_string(memory.get())});
      return words;
    };
    std::vector<int> kept = policy_.kept_descriptors;
    kept.insert(kept.end(), {of_evaluator.get(), memory.get()});
    command_ = start(line(trainer, of_trainer), /*apart=*/true, {of_trainer.get(), memory.get()});
    if (command_ > 0) evaluator_ = start(line(policy_.evaluator, of_evaluator), /*apart=*/false, kept);
  }

  // Returns -1, the problem told, when there can be no process.
  pid_t start(const std::vector<std::string>& command, bool apart, const std::vector<int>& kept) {
    std::vector<std::string> line = command;
    if (apart && policy_.level >= IsolationLevel::sandbox) {
      status_ = FileDescriptor(::memfd_create("sandbox-status", MFD_CLOEXEC));
      line = sandboxed_command(command, policy_.view, status_.get());
    }
    std::vector<std::string> variables = allowed_environment(own_environment());
    std::vector<char*> arguments = pointers_to(line);
    std::vector<char*> environment = pointers_to(variables);
    const FileDescriptor no_input(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const long tasks = running_tasks();
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) report_.problem = std::string("no process can be started: ") + std::strerror(errno);
    if (child != 0) return child;
    ::setsid();
    ::sigprocmask(SIG_SETMASK, &signals_before_, nullptr);
    ::dup2(no_input.get(), STDIN_FILENO);
    if (apart) {
      if (group_ != nullptr && ::write(group_->entry(), "0", 1) != 1) ::_exit(kCouldNotStart);
      limit_resources(policy_, tasks);
      if (!join_namespaces(policy_.namespaces)) ::_exit(kCouldNotStart);
    }
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // joining a user namespace has it forgotten
    if (::getppid() != parent) ::_exit(kCouldNotStart);
    // What a submission writes without a path is to lie where it is watched.
    if (::chdir(policy_.trial_directory.c_str()) != 0) ::_exit(kCouldNotStart);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    close_descriptors(kept, apart);
    ::execvpe(arguments[0], arguments.data(), environment.data());
    ::_exit(kCouldNotStart);
  }

  // In the child, where nothing may be allocated.
  void close_descriptors(const std::vector<int>& kept, bool apart) const {
    ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    for (const int descriptor : kept) ::fcntl(descriptor, F_SETFD, 0);
    if (apart && status_.valid()) ::fcntl(status_.get(), F_SETFD, 0);
  }

  // Reaps whatever has ended: the command, and orphans.
  bool has_ended() {
    int status = 0;
    for (pid_t ended = 0; (ended = ::waitpid(-1, &status, WNOHANG)) > 0;) {
      if (ended == command_) {
        command_ = -1;
        take_status(status);
        if (policy_.evaluator.empty()) return true;
      } else if (ended == evaluator_) {
        evaluator_ = -1;
        if (!WIFEXITED(status) || WEXITSTATUS(status) != kWorkerTrainerLost) {
          report_.problem.clear();
          report_.of_evaluator = true;
          take_end(status);
        } else if (command_ > 0) {
          await_trainer();
        }
        return true;
      }
    }
    if (!policy_.evaluator.empty()) {
      if (command_ < 0 || take_sandbox_end()) end_rest_of_trainer();
      return false;
    }
    return take_sandbox_end();
  }

  // A sandbox lives on while anything in it does.
  bool take_sandbox_end() {
    if (!status_.valid()) return false;
    const SandboxStatus sandbox = sandbox_status_from(contents_of(status_.get()));
    if (!sandbox.ended) return false;
    report_.exit_code = sandbox.exit_code;
    report_.signal = sandbox.signal;
    return true;
  }

  // What it leaves behind holds its end of the wire open: the evaluator would wait for it. What was killed
  // may take until after the next look to be gone.
  void end_rest_of_trainer() {
    for (const pid_t process : left_below(evaluator_)) {
      left_by_trainer_.insert(process);
      ::kill(process, SIGKILL);
    }
  }

  // The evaluator has noticed its end before we did.
  void await_trainer() {
    const Clock::time_point until = Clock::now() + kTrainerPatience;
    int status = 0;
    while (command_ > 0 && Clock::now() < until) {
      if (::waitpid(command_, &status, WNOHANG) == command_) {
        command_ = -1;
        return take_status(status);
      }
      if (take_sandbox_end()) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    report_.exit_code = kWorkerTrainerLost;  // it lives, and has closed what it was not to close
  }

  void take_end(int status) {
    report_.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    report_.exit_code = WIFSIGNALED(status) ? 0 : WEXITSTATUS(status);
  }

  void take_status(int status) {
    take_end(status);
    if (status_.valid()) {
      const SandboxStatus sandbox = sandbox_status_from(contents_of(status_.get()));
      if (sandbox.first_process == 0 && report_.signal == 0)
        report_.problem = "the sandbox cannot be set up: see bubblewrap's words in worker.log";
      take_sandbox_end();
    } else if (report_.exit_code == kCouldNotStart) {
      report_.problem = "the worker program cannot be started";
    }
  }

  // Who is to hear of signals.
  pid_t first_of_command() const {
    if (evaluator_ > 0) return evaluator_;
    if (!status_.valid()) return command_;
    const SandboxStatus sandbox = sandbox_status_from(contents_of(status_.get()));
    if (sandbox.first_process == 0) return -1;
    const std::vector<pid_t> inside = children_of_process(static_cast<pid_t>(sandbox.first_process));
    return inside.empty() ? -1 : inside.front();
  }

  void pass_on(int signal) const {
    const pid_t process = first_of_command();
    ::kill(process > 0 ? process : awaited(), signal);
  }

  void look() {
    looked_ = Clock::now();
    const std::vector<pid_t> processes = processes_below(::getpid(), evaluator_);
    int64_t memory = 0;
    for (const pid_t process : processes) memory += own_resident_bytes(process);
    report_.peak_memory_bytes = std::max(report_.peak_memory_bytes, memory);
    // Bubblewrap's own two are not the trial's.
    const int64_t count = std::ssize(processes) - (status_.valid() ? 2 : 0);
    if (policy_.processes > 0 && count > policy_.processes)
      return stop_at(LimitHit::processes, count, policy_.processes);
    if (policy_.memory_bytes > 0 && group_ == nullptr && memory > policy_.memory_bytes)
      return stop_at(LimitHit::memory, memory, policy_.memory_bytes);
    if (policy_.disk_bytes == 0 || Clock::now() - looked_at_disk_ < kDiskPeriod) return;
    looked_at_disk_ = Clock::now();
    const int64_t bytes = bytes_below(policy_.trial_directory);
    if (bytes > policy_.disk_bytes) stop_at(LimitHit::disk, bytes, policy_.disk_bytes);
  }

  void hit(LimitHit limit, int64_t used, int64_t allowed) {
    report_.limit = limit;
    report_.used = used;
    report_.allowed = allowed;
  }

  void stop_at(LimitHit limit, int64_t used, int64_t allowed) {
    hit(limit, used, allowed);
    end_processes_below_us(kEndSeconds);
    command_ = evaluator_ = -1;
    report_.signal = SIGKILL;
  }

  // What outlived the command, bubblewrap's own two processes aside.
  std::vector<pid_t> left_below(pid_t spared) const {
    const int64_t first =
        status_.valid() ? sandbox_status_from(contents_of(status_.get())).first_process : int64_t{-1};
    std::vector<pid_t> rest = processes_below(::getpid(), spared);
    std::erase_if(rest, [&](pid_t process) { return process == command_ || process == first; });
    return rest;
  }

  // A trainer that is not ended yet is not to blame.
  int64_t end_the_rest() const {
    const int64_t left =
        policy_.evaluator.empty() ? std::ssize(left_below(-1)) : std::ssize(left_by_trainer_);
    end_processes_below_us(kEndSeconds);
    return left;
  }

  const LaunchPolicy& policy_;
  std::unique_ptr<MemoryGroup> group_;
  FileDescriptor status_;  // of bubblewrap; invalid without a sandbox
  sigset_t signals_{};
  sigset_t signals_before_{};
  int64_t kills_before_ = 0;
  pid_t command_ = -1;    // in strict mode the trainer
  pid_t evaluator_ = -1;  // in strict mode
  std::set<pid_t> left_by_trainer_;
  Clock::time_point looked_ = Clock::now();
  Clock::time_point looked_at_disk_ = Clock::now();
  LaunchReport report_;
};

}  // namespace

LaunchReport launch(const LaunchPolicy& policy, const std::vector<std::string>& command) {
  return Launch(policy, command).run();
}

}  // namespace timetrial
