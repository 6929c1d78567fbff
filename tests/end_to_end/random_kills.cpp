#include "random_kills.h"

#include <chrono>
#include <ctime>
#include <fstream>
#include <sstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "../sanitizers/patience.h"
#include "harness/journal/journal.h"
#include "harness/journal/progress.h"

namespace timetrial {

namespace {

constexpr int64_t kMostStartsWithoutProgress = 1;  // of earlier attempts, before one more is killed
double unix_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::vector<std::filesystem::path> trials_below(const std::filesystem::path& results) {
  std::vector<std::filesystem::path> found;
  // Workers add and remove folders meanwhile: one that is gone ends this look, the next kill looks again.
  std::error_code gone;
  for (std::filesystem::recursive_directory_iterator entry(results, gone), end; !gone && entry != end;
       entry.increment(gone)) {
    if (entry->path().filename() == "trial.json") found.push_back(entry->path().parent_path());
  }
  return found;
}

// Starts that no evaluation and no checkpoint followed.
int64_t starts_without_progress(const std::filesystem::path& trial) {
  int64_t starts = 0;
  for (const JournalRecord& record : read_journal(trial).records) {
    if (std::holds_alternative<StartRecord>(record))
      ++starts;
    else if (!std::holds_alternative<WarningRecord>(record))
      starts = 0;
  }
  return starts;
}

// What proc_pid_stat(5) says of it from its state on; empty when it has ended, also while this reads (the
// read then fails, which an iterator over the buffer would throw and a stream does not).
std::string status_fields(pid_t process) {
  std::ostringstream text;
  text << std::ifstream("/proc/" + std::to_string(process) + "/stat").rdbuf();
  const size_t at = text.str().rfind(") ");
  return at == std::string::npos ? "" : text.str().substr(at + 2);
}

// A zombie that nobody asks for does not run.
bool runs(pid_t process) {
  const std::string fields = status_fields(process);
  return !fields.empty() && fields.front() != 'Z';
}

void wait_for_end(const std::vector<pid_t>& processes) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  for (const pid_t process : processes) {
    while (runs(process)) {
      ASSERT_LT(std::chrono::steady_clock::now(), end) << "process " << process << " does not end";
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
}

// The folder that its command line names.
std::filesystem::path trial_of(pid_t worker) {
  std::ifstream stream("/proc/" + std::to_string(worker) + "/cmdline");
  std::string argument;
  for (int i = 0; i < 3; ++i) std::getline(stream, argument, '\0');
  return argument;
}

// In unix seconds; 0 when it has ended.
double start_of(pid_t process) {
  std::istringstream fields(status_fields(process));
  if (fields.str().empty()) return 0;
  std::string skipped;
  for (int field = 3; field < 22; ++field) fields >> skipped;
  double ticks = 0;
  fields >> ticks;
  timespec since_boot{};
  ::clock_gettime(CLOCK_BOOTTIME, &since_boot);
  const double now = static_cast<double>(since_boot.tv_sec) + 1e-9 * static_cast<double>(since_boot.tv_nsec);
  return unix_seconds() - (now - ticks / static_cast<double>(::sysconf(_SC_CLK_TCK)));
}

struct LastAttempt {
  double unix_seconds = 0;  // of its start
  int64_t evaluated_step = -1;
};

LastAttempt last_attempt(const std::filesystem::path& trial) {
  LastAttempt last;
  for (const JournalRecord& record : read_journal(trial).records) {
    if (const auto* start = std::get_if<StartRecord>(&record)) {
      last = {start->unix_seconds, start->resumed_from_step};
    } else if (const auto* evaluation = std::get_if<EvaluationRecord>(&record)) {
      last.evaluated_step = evaluation->step;
    }
  }
  return last;
}

bool is_writing(const std::filesystem::path& trial) {
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator(trial / "checkpoints", absent)) {
    if (entry.path().extension() == ".partial") return true;
  }
  return false;
}

}  // namespace

std::string to_string(Victim victim) {
  switch (victim) {
    case Victim::worker:
      return "worker";
    case Victim::controller:
      return "controller";
    case Victim::both:
      break;
  }
  return "both";
}

std::string to_string(KilledIn place) {
  switch (place) {
    case KilledIn::start_up:
      return "start-up";
    case KilledIn::training:
      return "training";
    case KilledIn::evaluation:
      return "evaluation";
    case KilledIn::checkpoint:
      return "checkpoint";
    case KilledIn::between_workers:
      break;
  }
  return "between workers";
}

KilledIn RandomKills::place_of(pid_t worker) const {
  const std::filesystem::path trial = trial_of(worker);
  const LastAttempt last = last_attempt(trial);
  const std::optional<Progress> progress = read_progress(trial);
  // Ticks of the kernel's clock are 10 ms.
  if (!progress || last.unix_seconds == 0 || last.unix_seconds < start_of(worker) - 0.02)
    return KilledIn::start_up;
  if (is_writing(trial)) return KilledIn::checkpoint;
  const bool is_due = progress->step > 0 && progress->step % evaluation_period_steps_ == 0;
  return is_due && progress->step > last.evaluated_step ? KilledIn::evaluation : KilledIn::training;
}

void RandomKills::aim(Program& program) {
  const int choice = std::uniform_int_distribution<int>(0, 3)(random_);
  if (choice > 1) return;
  const KilledIn wanted = choice == 0 ? KilledIn::evaluation : KilledIn::checkpoint;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  while (std::chrono::steady_clock::now() < end) {
    for (const pid_t worker : children_of(program.id())) {
      if (place_of(worker) == wanted) return;
    }
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
}

void RandomKills::count(Victim victim, KilledIn place) {
  ++kills_;
  ++counts_[to_string(victim) + " in " + to_string(place)];
}

void RandomKills::kill(Program& program) {
  for (const std::filesystem::path& trial : trials_below(results_)) {
    if (starts_without_progress(trial) > kMostStartsWithoutProgress) return;
  }
  const std::vector<pid_t> workers = children_of(program.id());
  auto victim = static_cast<Victim>(std::uniform_int_distribution<int>(0, 2)(random_));
  if (workers.empty()) victim = Victim::controller;
  const size_t chosen =
      workers.empty() ? 0 : std::uniform_int_distribution<size_t>(0, workers.size() - 1)(random_);
  const KilledIn place = workers.empty() ? KilledIn::between_workers : place_of(workers[chosen]);
  if (victim == Victim::worker) {
    if (!runs(workers[chosen]) || ::kill(workers[chosen], SIGKILL) != 0) return;
    count(victim, place);
    wait_for_end({workers[chosen]});
    return;
  }
  if (victim == Victim::both) {
    for (const pid_t worker : workers) ::kill(worker, SIGKILL);
  }
  program.send(SIGKILL);
  const ProgramEnd end = program.finish();
  if (end.signal == SIGKILL)
    count(victim, place);
  else
    EXPECT_THAT(end.exit_code, ::testing::AnyOf(0, 75)) << end.output;
  wait_for_end(workers);  // one that was left alone saves its state first
}

std::string RandomKills::summary() const {
  std::string text = std::to_string(kills_) + " kills";
  for (const auto& [what, count] : counts_) text += ", " + std::to_string(count) + " of " + what;
  return text;
}

}  // namespace timetrial
