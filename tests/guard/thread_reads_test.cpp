#include "harness/guard/thread_reads.h"

#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "../temporary_folder.h"

namespace timetrial {
namespace {

class ThreadReads : public FolderTest {
 protected:
  void SetUp() override {
    FolderTest::SetUp();
    write(folder_ / "file", std::string(100'000, 'x'));
    if (bytes_read_by_this_thread() == 0 && bytes_read_by_this_thread() == 0)
      GTEST_SKIP() << "this kernel does not count what threads read";
  }
  void read_file() const { EXPECT_EQ(read(folder_ / "file").size(), 100'000U); }
};

TEST_F(ThreadReads, CountWhatThisThreadReads) {
  const int64_t before = bytes_read_by_this_thread();
  read_file();
  EXPECT_GE(bytes_read_by_this_thread() - before, 100'000);
}

TEST_F(ThreadReads, DoNotCountWhatOthersRead) {
  const int64_t before = bytes_read_by_this_thread();
  std::thread([&] { read_file(); }).join();
  EXPECT_LT(bytes_read_by_this_thread() - before, 4096);
}

}  // namespace
}  // namespace timetrial
