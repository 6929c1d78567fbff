#include "harness/journal/journal.h"

#include <csignal>

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../temporary_folder.h"
#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Journal : public FolderTest {
 protected:
  void append(int64_t step) { JournalWriter(folder_).append(WarningRecord{step, "text"}); }

  std::vector<int64_t> steps() const {
    std::vector<int64_t> steps;
    for (const JournalRecord& record : read_journal(folder_).records)
      steps.push_back(std::get<WarningRecord>(record).step);
    return steps;
  }

  std::filesystem::path file() const { return journal_path(folder_); }
};

TEST_F(Journal, AbsentIsEmpty) {
  EXPECT_THAT(read_journal(folder_).records, IsEmpty());
  EXPECT_THAT(read_journal(folder_).problems, IsEmpty());
}

TEST_F(Journal, GrowsOverSeveralWriters) {
  append(1);
  append(2);
  EXPECT_THAT(steps(), ElementsAre(1, 2));
}

TEST_F(Journal, TornTailIsIgnoredAtEveryByteAndCutByTheNextWriter) {
  append(1);
  const size_t first = std::filesystem::file_size(file());
  append(2);
  const std::string whole = read(file());
  for (size_t length = first; length < whole.size(); ++length) {
    write(file(), whole.substr(0, length));
    EXPECT_THAT(steps(), ElementsAre(1)) << length;
    EXPECT_EQ(read_journal(folder_).problems.size(), length == first ? 0U : 1U) << length;
    append(3);
    EXPECT_THAT(steps(), ElementsAre(1, 3)) << length;
    EXPECT_THAT(read_journal(folder_).problems, IsEmpty()) << length;
  }
}

TEST_F(Journal, DamagedRecordInTheMiddleIsSkippedAndReported) {
  append(1);
  const size_t first = std::filesystem::file_size(file());
  append(2);
  append(3);
  std::string text = read(file());
  text[first + 20] ^= 1;
  write(file(), text);
  EXPECT_THAT(steps(), ElementsAre(1, 3));
  EXPECT_THAT(read_journal(folder_).problems, ElementsAre(HasSubstr("line 2: damaged")));
}

TEST_F(Journal, HasOneWriterAtATime) {
  EXPECT_FALSE(trial_is_held(folder_));
  const JournalWriter writer(folder_);
  EXPECT_TRUE(trial_is_held(folder_));
  try {
    JournalWriter second(folder_);
    FAIL() << "a second writer was let in";
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("another process"));
  }
}

TEST_F(Journal, IsFreeAgainWhenItsWriterIsKilled) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    JournalWriter writer(folder_);
    writer.append(WarningRecord{1, "written by the one that is killed"});
    if (::write(ready[1], "x", 1) != 1) ::_exit(1);
    ::pause();
    ::_exit(0);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_TRUE(trial_is_held(folder_));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  append(2);
  EXPECT_THAT(steps(), ElementsAre(1, 2));
}

TEST_F(Journal, CannotBeWrittenWhereThereIsNoFolder) {
  EXPECT_THROW(JournalWriter(folder_ / "absent"), UserError);
}

}  // namespace
}  // namespace timetrial
