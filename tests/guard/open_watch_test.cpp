#include "harness/guard/open_watch.h"

#include <fstream>

#include <gmock/gmock.h>

#include "../temporary_folder.h"

namespace timetrial {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class OpenWatchTest : public FolderTest {
 protected:
  void SetUp() override {
    FolderTest::SetUp();
    std::filesystem::create_directories(folder_ / "val/class");
    for (const char* name : {"val/class/image", "test.packed", "train.packed"}) write(folder_ / name, "x");
  }
  void open(const std::string& name) const { std::ifstream(folder_ / name).get(); }
};

TEST_F(OpenWatchTest, TellsFilesThatWereOpenedOnce) {
  OpenWatch watch({folder_ / "val", folder_ / "test.packed", folder_ / "absent"});
  EXPECT_EQ(watch.watched(), 3U);
  EXPECT_THAT(watch.opened(), IsEmpty());
  open("train.packed");
  EXPECT_THAT(watch.opened(), IsEmpty());
  open("test.packed");
  open("val/class/image");
  open("val/class/image");
  EXPECT_THAT(watch.opened(),
              ElementsAre((folder_ / "test.packed").string(), (folder_ / "val/class/image").string()));
  EXPECT_THAT(watch.opened(), IsEmpty());
}

TEST_F(OpenWatchTest, DoesNotMindWhoMerelyLists) {
  OpenWatch watch({folder_ / "val"});
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) (void)entry;
  EXPECT_THAT(watch.opened(), IsEmpty());
}

}  // namespace
}  // namespace timetrial
