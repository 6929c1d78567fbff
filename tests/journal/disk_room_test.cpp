#include "harness/journal/disk_room.h"

#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include "../temporary_folder.h"
#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;

constexpr int64_t kMegabyte = 1'000'000;

TEST(DiskNeed, CountsTwoCheckpointsATrialAndOneMoreWhileItRuns) {
  EXPECT_EQ(bytes_needed({10, 2, 100}), 10 * (200 + kJournalBytes) + 2 * 100);
  EXPECT_EQ(bytes_needed({1, 4, 100}), 200 + kJournalBytes + 100);
  EXPECT_EQ(bytes_needed({0, 4, 100}), 0);
}

TEST(DiskNeed, IsCertainNotToFitWhenOneCheckpointDoesNot) {
  DiskRoom room;
  room.free = 5 * kMegabyte;
  EXPECT_EQ(certain_shortage({1, 1, 5 * kMegabyte}, room), std::nullopt);
  EXPECT_THAT(certain_shortage({1, 1, 6 * kMegabyte}, room),
              Optional(HasSubstr("6.0 MB, and only 5.0 MB are free")));
  room.quota = room.free;
  EXPECT_THAT(certain_shortage({1, 1, 6 * kMegabyte}, room), Optional(HasSubstr("left of the quota")));
  EXPECT_EQ(certain_shortage({0, 1, 6 * kMegabyte}, room), std::nullopt) << "nothing is left to run";
  room = {};
  room.free = 100 * kMegabyte;
  room.largest_file = kMegabyte;
  EXPECT_THAT(certain_shortage({1, 1, 2 * kMegabyte}, room),
              Optional(HasSubstr("To cure it: raise the limit on file")));
}

TEST(DiskNeed, MayNotFitWhenAllTogetherDoNot) {
  DiskRoom room;
  room.free = bytes_needed({10, 2, kMegabyte});
  EXPECT_EQ(possible_shortage({{9, 2, kMegabyte}, {1, 0, kMegabyte}}, room), std::nullopt);
  --room.free;
  EXPECT_THAT(possible_shortage({{9, 2, kMegabyte}, {1, 0, kMegabyte}}, room),
              Optional(HasSubstr("the 10 trials")));
}

class DiskRoomTest : public FolderTest {};

TEST_F(DiskRoomTest, OfAFolderThatIsNotThereYetIsThatAboveIt) {
  const DiskRoom room = disk_room(folder_ / "not/yet");
  EXPECT_GT(room.free, 0);
}

TEST_F(DiskRoomTest, SeesTheLimitOnFiles) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit limited{kMegabyte, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limited), 0);
  EXPECT_EQ(disk_room(folder_).largest_file, kMegabyte);
  ::setrlimit(RLIMIT_FSIZE, &before);
}

TEST_F(DiskRoomTest, OfAReadOnlyDiskIsAnErrorThatNamesTheFolder) {
  if (::mount("timetrial-test", folder_.c_str(), "tmpfs", MS_RDONLY, "size=1m") != 0)
    GTEST_SKIP() << "no file system can be mounted here";
  try {
    disk_room(folder_ / "results");
    ADD_FAILURE() << "no error";
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr((folder_ / "results").string()));
    EXPECT_THAT(error.what(), HasSubstr("Read-only"));
    EXPECT_THAT(error.what(), HasSubstr("choose another results directory"));
  }
  ::umount2(folder_.c_str(), MNT_DETACH);
}

}  // namespace
}  // namespace timetrial
