#include "results/store/store.h"

#include <csignal>
#include <functional>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store_fixture.h"

namespace timetrial {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

// Runs the action in a child process; its exit status. Exceptions exit with 99 and print.
int exit_status_of(const std::function<int()>& action) {
  const pid_t child = ::fork();
  if (child == 0) {
    int status = 99;
    try {
      status = action();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "child: %s\n", error.what());
    }
    ::_exit(status);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST_F(StoreTest, TwoProcessesWritingAtOnceLoseNothing) {
  constexpr int kTrials = 20;
  for (int i = 0; i < 2 * kTrials; ++i) {
    write_trial(directory_ / ("trial" + std::to_string(i)), made_up_spec({"adamw", "mnist", 0, i}), begun());
  }
  // Both begin with a file that is not there yet, and both fold the shared half as well as their own.
  const auto fold_from = [&](int first) {
    Store store(file());
    for (int i = 0; i < kTrials; ++i) store.fold(directory_ / ("trial" + std::to_string(first + i)));
    for (int i = 0; i < 2 * kTrials; ++i) store.fold(directory_ / ("trial" + std::to_string(i)));
    return 0;
  };
  const pid_t other = ::fork();
  if (other == 0) {
    int status = 99;
    try {
      status = fold_from(kTrials);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "child: %s\n", error.what());
    }
    ::_exit(status);
  }
  fold_from(0);
  int status = -1;
  ::waitpid(other, &status, 0);
  EXPECT_EQ(status, 0);
  const std::vector<TrialResult> trials = Store::open_read_only(file()).trials();
  ASSERT_EQ(trials.size(), 2U * kTrials);
  for (const TrialResult& trial : trials) EXPECT_THAT(steps_of(trial), ElementsAre(1, 10));
  EXPECT_EQ(count("machines"), 1);
  EXPECT_EQ(count("builds"), 1);
  EXPECT_EQ(count("submissions"), 1);
}

TEST_F(StoreTest, ReadersWorkWhileAWriterHoldsTheFile) {
  write_trial(directory_ / "trial", made_up_spec({}), begun());
  Store(file()).fold(directory_ / "trial");
  Database writer(file(), OpenMode::read_write_create, milliseconds(10));
  const Transaction transaction(writer, Transaction::Kind::write);
  writer.execute("UPDATE evaluations SET more_metrics = NULL");
  const std::vector<TrialResult> trials = Store::open_read_only(file()).trials();
  ASSERT_EQ(trials.size(), 1U);
  EXPECT_EQ(trials[0].evaluations[0].metrics.size(), 2U);
}

TEST_F(StoreTest, AFileLockedForTooLongNamesTheProcessThatHoldsIt) {
  write_trial(directory_ / "trial", made_up_spec({}), begun());
  Store store(file(), milliseconds(50));
  int ready[2];
  int done[2];
  ASSERT_EQ(::pipe(ready), 0);
  ASSERT_EQ(::pipe(done), 0);
  const pid_t holder = ::fork();
  if (holder == 0) {
    Database database(file(), OpenMode::read_write_create, milliseconds(10));
    const Transaction transaction(database, Transaction::Kind::write);
    char byte = 'r';
    const bool told = ::write(ready[1], &byte, 1) == 1 && ::read(done[0], &byte, 1) == 1;
    ::_exit(told ? 0 : 1);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  const std::string error = error_of([&] { store.fold(directory_ / "trial"); });
  ASSERT_EQ(::write(done[1], &byte, 1), 1);
  ::waitpid(holder, nullptr, 0);
  for (const int end : {ready[0], ready[1], done[0], done[1]}) ::close(end);
  EXPECT_THAT(error,
              AllOf(HasSubstr("locked by another program"), HasSubstr("process " + std::to_string(holder))));
  EXPECT_TRUE(store.fold(directory_ / "trial").changed);
}

// As root nothing is read-only, so the child becomes a user without rights.
int as_nobody(const std::function<int()>& action) {
  if (::geteuid() == 0 && ::setuid(65534) != 0) return 98;
  return action();
}

TEST_F(StoreTest, AReadOnlyFileCannotBeWrittenButRead) {
  write_trial(directory_ / "trial", made_up_spec({}), begun());
  Store(file()).fold(directory_ / "trial");
  ::chmod(directory_.path().c_str(), 0555);
  ::chmod(file().c_str(), 0444);
  EXPECT_EQ(exit_status_of([&] {
              return as_nobody([&] {
                const std::string error = error_of([&] {
                  Store store(file());
                  store.fold(directory_ / "trial");
                });
                return error.find("cannot be written") != std::string::npos &&
                               error.find("chmod") != std::string::npos
                           ? 0
                           : 1;
              });
            }),
            0);
  EXPECT_EQ(exit_status_of([&] {
              return as_nobody([&] { return Store::open_read_only(file()).trials().size() == 1 ? 0 : 1; });
            }),
            0);
  ::chmod(directory_.path().c_str(), 0755);
}

TEST_F(StoreTest, AFolderThatCannotBeWrittenIsNamed) {
  EXPECT_THAT(error_of([&] { Store store(directory_ / "absent" / "results.db"); }),
              AllOf(HasSubstr("absent/results.db"), HasSubstr("cannot be opened")));
  EXPECT_THAT(error_of([&] { Store::open_read_only(directory_ / "absent.db"); }), HasSubstr("absent.db"));
}

TEST_F(StoreTest, AFullDiskSaysSoAndTheFileStaysSound) {
  write_trial(directory_ / "trial", made_up_spec({}), begun());
  Store(file()).fold(directory_ / "trial");
  std::vector<JournalRecord> many = begun(7000);
  for (int i = 0; i < 1600; ++i) many.push_back(made_up_evaluation(100 + i, i, 0.5));
  write_trial(directory_ / "large", made_up_spec({}), many);
  // A limit on the size of files stands for a disk that is full.
  EXPECT_EQ(exit_status_of([&] {
              std::signal(SIGXFSZ, SIG_IGN);
              const rlimit limit{100000, 100000};
              ::setrlimit(RLIMIT_FSIZE, &limit);
              const std::string error = error_of([&] {
                Store store(file());
                store.fold(directory_ / "large");
              });
              std::fprintf(stderr, "%s\n", error.c_str());
              return error.find("no space left") != std::string::npos ? 0 : 1;
            }),
            0);
  EXPECT_EQ(Store(file()).trials().size(), 1U);
  EXPECT_TRUE(Store(file()).fold(directory_ / "large").changed);
  EXPECT_EQ(Store(file()).trials().size(), 2U);
}

TEST_F(StoreTest, RowsAreStrictAndReferencesHold) {
  Store store(file());
  write_trial(directory_ / "trial", made_up_spec({}), begun());
  store.fold(directory_ / "trial");
  Database database(file(), OpenMode::read_write_create, milliseconds(1000));
  EXPECT_EQ(database.query_integer("SELECT count(*) FROM pragma_foreign_key_check"), 0);
  EXPECT_EQ(database.query_integer(
                "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND "
                "name NOT LIKE 'sqlite_%' AND strict = 0"),
            0);
}

}  // namespace
}  // namespace timetrial
