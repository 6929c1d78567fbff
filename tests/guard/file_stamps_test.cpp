#include "harness/guard/file_stamps.h"

#include <fstream>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "../temporary_folder.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;

class FileStampsTest : public FolderTest {
 protected:
  void SetUp() override {
    FolderTest::SetUp();
    write(folder_ / "alone", "1");
    std::filesystem::create_directories(folder_ / "files");
    write(folder_ / "files/a", "some text");
  }
  FileStamps stamps() const { return stamps_of({folder_ / "alone", folder_ / "files", folder_ / "absent"}); }
};

TEST_F(FileStampsTest, StayTheSameWhenNothingIsDone) {
  EXPECT_EQ(stamps().size(), 2U);
  EXPECT_EQ(changed_file(stamps(), stamps()), std::nullopt);
}

TEST_F(FileStampsTest, TellABytePutInPlaceEvenWhenItsTimeIsPutBack) {
  const FileStamps before = stamps();
  struct stat status {};
  ASSERT_EQ(::stat((folder_ / "files/a").c_str(), &status), 0);
  std::fstream(folder_ / "files/a", std::ios::in | std::ios::out) << 'x';
  const timespec times[] = {status.st_atim, status.st_mtim};
  ASSERT_EQ(::utimensat(AT_FDCWD, (folder_ / "files/a").c_str(), times, 0), 0);
  EXPECT_THAT(changed_file(before, stamps()), Optional(HasSubstr("files/a was changed")));
}

TEST_F(FileStampsTest, TellWhatWasAddedReplacedAndRemoved) {
  const FileStamps before = stamps();
  write(folder_ / "files/b", "");
  EXPECT_THAT(changed_file(before, stamps()), Optional(HasSubstr("files/b was added")));
  std::filesystem::rename(folder_ / "files/b", folder_ / "files/a");
  EXPECT_THAT(changed_file(before, stamps()), Optional(HasSubstr("files/a was changed")));
  std::filesystem::remove(folder_ / "files/a");
  EXPECT_THAT(changed_file(before, stamps()), Optional(HasSubstr("files/a was removed")));
}

}  // namespace
}  // namespace timetrial
