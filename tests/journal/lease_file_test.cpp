#include "harness/journal/lease_file.h"

#include <chrono>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../temporary_folder.h"
#include "harness/journal/journal.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;

LeaseOwner elsewhere(const std::string& job = "", int64_t restart = 0) {
  return {"node7", "another boot", "pid:[1]", 4711, 100, job, restart};
}

double now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

class LeaseFile : public FolderTest {
 protected:
  std::vector<std::string> lease_files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with("lease")) names.push_back(name);
    }
    return names;
  }

  // As if its owner had not been heard of since.
  void age(const std::string& name, double seconds) const {
    timespec time{};
    time.tv_sec = static_cast<time_t>(now() - seconds);
    const timespec times[] = {time, time};
    ASSERT_EQ(::utimensat(AT_FDCWD, (folder_ / name).c_str(), times, 0), 0);
  }

  const LeaseTimes times_ = {0.05, 60};
};

TEST_F(LeaseFile, IsHeldByOne) {
  const Lease lease(folder_, elsewhere(), times_);
  EXPECT_TRUE(lease.is_ours());
  EXPECT_THAT(lease_files(), ::testing::ElementsAre("lease.1"));
  try {
    const Lease second(folder_, this_process(), times_);
    FAIL() << "a second owner was let in";
  } catch (const TrialHeld& held) {
    EXPECT_THAT(held.what(), HasSubstr("node7, process 4711"));
    EXPECT_THAT(held.what(), HasSubstr("60 s"));
  }
  EXPECT_TRUE(lease.is_ours());
}

TEST_F(LeaseFile, CanBeTakenOnceItIsGivenBackAndKeepsCounting) {
  { const Lease lease(folder_, elsewhere(), times_); }
  const Lease next(folder_, this_process(), times_);
  EXPECT_EQ(next.decision(), LeaseDecision::free);
  EXPECT_THAT(lease_files(), ::testing::ElementsAre("lease.2"));
}

TEST_F(LeaseFile, OfAnOwnerThatWasNotHeardOfIsLostToTheNext) {
  const Lease lost(folder_, elsewhere(), times_);
  age("lease.1", 61);
  const Lease taken(folder_, this_process(), times_);
  EXPECT_EQ(taken.decision(), LeaseDecision::stale);
  EXPECT_EQ(taken.previous(), elsewhere());
  EXPECT_FALSE(lost.is_ours());
  EXPECT_FALSE(lost.renew());
  EXPECT_TRUE(taken.is_ours());
  EXPECT_THAT(lost.loss().what(), HasSubstr("process " + std::to_string(::getpid())));
}

TEST_F(LeaseFile, StaysWithAnOwnerThatRenewsIt) {
  const Lease lease(folder_, elsewhere(), times_);
  age("lease.1", 61);
  EXPECT_TRUE(lease.renew());
  EXPECT_THROW(Lease(folder_, this_process(), times_), TrialHeld);
}

TEST_F(LeaseFile, GivenBackByItsLoserStaysWithTheTaker) {
  auto lost = std::make_unique<Lease>(folder_, elsewhere(), times_);
  age("lease.1", 61);
  const Lease taken(folder_, this_process(), times_);
  lost.reset();
  EXPECT_TRUE(taken.is_ours());
  EXPECT_EQ(look_at_lease(folder_, now()).owner, this_process());
}

TEST_F(LeaseFile, IsLostWithTheFolder) {
  const std::filesystem::path trial = folder_ / "trial";
  std::filesystem::create_directory(trial);
  const Lease lease(trial, elsewhere(), times_);
  std::filesystem::remove_all(trial);
  EXPECT_FALSE(lease.is_ours());
  EXPECT_THAT(lease.loss().what(), HasSubstr("the folder was removed"));
}

TEST_F(LeaseFile, IsNotMadeWhereThereIsNoFolder) {
  EXPECT_THROW(Lease(folder_ / "absent", this_process(), times_), UserError);
}

// Every process that is let in writes down that it is, alone, and that it leaves.
void run_contender(const std::filesystem::path& folder, const LeaseTimes& times, int rounds) {
  for (int taken = 0; taken < rounds;) {
    try {
      const Lease lease(folder, this_process(), times);
      const FileDescriptor alone(
          ::open((folder / "alone").c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
      if (!alone.valid()) ::_exit(1);
      std::this_thread::yield();
      ::unlink((folder / "alone").c_str());
      ++taken;
    } catch (const TrialHeld&) {
      std::this_thread::yield();
    }
  }
  ::_exit(0);
}

TEST_F(LeaseFile, IsHeldByOneOfManyProcessesAtATime) {
  constexpr int kProcesses = 4;
  std::vector<pid_t> children;
  for (int i = 0; i < kProcesses; ++i) {
    children.push_back(::fork());
    if (children.back() == 0) {
      ::alarm(60);
      run_contender(folder_, times_, 25);
    }
  }
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "two held it, or none could";
  }
  EXPECT_EQ(look_at_lease(folder_, now()).number, kProcesses * 25);
}

// All want the same stale lease at the same moment; the winner does not give it back.
TEST_F(LeaseFile, ThatIsStaleIsTakenByOneOfManyProcesses) {
  for (int round = 0; round < 20; ++round) {
    const std::filesystem::path trial = folder_ / std::to_string(round);
    std::filesystem::create_directory(trial);
    const Lease stale(trial, elsewhere(), times_);
    age(std::to_string(round) + "/lease.1", 61);
    int gate[2];
    ASSERT_EQ(::pipe(gate), 0);
    std::vector<pid_t> children;
    for (int i = 0; i < 4; ++i) {
      children.push_back(::fork());
      if (children.back() != 0) continue;
      char byte = 0;
      if (::read(gate[0], &byte, 1) != 1) ::_exit(2);
      try {
        const Lease lease(trial, this_process(), times_, OwnerLife::unknown);
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        ::_exit(lease.is_ours() ? 10 : 11);
      } catch (const TrialHeld&) {
        ::_exit(0);
      }
    }
    ASSERT_EQ(::write(gate[1], "gogo", 4), 4);
    int winners = 0;
    for (const pid_t child : children) {
      int status = 0;
      ::waitpid(child, &status, 0);
      ASSERT_TRUE(WIFEXITED(status));
      EXPECT_THAT(WEXITSTATUS(status), ::testing::AnyOf(0, 10));
      if (WEXITSTATUS(status) == 10) ++winners;
    }
    EXPECT_EQ(winners, 1);
    ::close(gate[0]);
    ::close(gate[1]);
  }
}

TEST_F(LeaseFile, OnceLostTheJournalIsNotWrittenTo) {
  JournalWriter writer(folder_, times_);
  writer.append(WarningRecord{1, "before"});
  {
    const Lease taken(folder_, this_process(), times_, OwnerLife::dead);
    EXPECT_THROW(writer.append(WarningRecord{2, "after"}), TrialHeld);
    EXPECT_THROW(writer.require_lease(), TrialHeld);
  }
  EXPECT_EQ(read_journal(folder_).records.size(), 1U);
}

TEST_F(LeaseFile, OfAnotherMachineKeepsAJournalWriterOut) {
  const Lease lease(folder_, elsewhere(), times_);
  EXPECT_THROW(JournalWriter(folder_, times_), TrialHeld);
  EXPECT_FALSE(std::filesystem::exists(journal_path(folder_)));
}

TEST_F(LeaseFile, MakesATrialHeldOnceItsJournalWasOpened) {
  { JournalWriter writer(folder_, times_); }
  EXPECT_FALSE(trial_is_held(folder_));
  const Lease lease(folder_, elsewhere(), times_);
  EXPECT_TRUE(trial_is_held(folder_));
  age("lease.2", 61);
  EXPECT_FALSE(trial_is_held(folder_));
}

// The first start of a SLURM job lives on, unseen by SLURM, while the second one begins.
TEST_F(LeaseFile, PassesToTheNextStartOfAJobOnceTheFirstHasNoticed) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  ::setenv("SLURM_JOB_ID", "17", 1);
  const pid_t first = ::fork();
  if (first == 0) {
    ::alarm(60);
    const JournalWriter writer(folder_, times_);
    if (::write(ready[1], "x", 1) != 1) ::_exit(1);
    while (writer.lease().renew()) ::usleep(10'000);
    ::_exit(42);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_THROW(JournalWriter(folder_, times_), TrialHeld);  // the same start
  ::setenv("SLURM_RESTART_COUNT", "1", 1);
  {
    LeaseTimes patient = times_;
    patient.renew_seconds = 10;
    JournalWriter second(folder_, patient);
    EXPECT_EQ(second.lease().decision(), LeaseDecision::superseded);
    second.append(WarningRecord{1, "of the second"});
  }
  ::unsetenv("SLURM_JOB_ID");
  ::unsetenv("SLURM_RESTART_COUNT");
  int status = 0;
  ::waitpid(first, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 42);
  EXPECT_EQ(read_journal(folder_).records.size(), 1U);
}

}  // namespace
}  // namespace timetrial
