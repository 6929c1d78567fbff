#include "harness/journal/progress.h"

#include <atomic>
#include <thread>

#include "../temporary_folder.h"

namespace timetrial {
namespace {

using ProgressPage = FolderTest;

TEST_F(ProgressPage, ShowsWhatWasWrittenLast) {
  EXPECT_FALSE(read_progress(folder_).has_value());
  ProgressWriter writer(folder_);
  writer.write({12, 3.5, 1.0, 0.25});
  const std::optional<Progress> progress = read_progress(folder_);
  ASSERT_TRUE(progress.has_value());
  EXPECT_EQ(progress->step, 12);
  EXPECT_EQ(progress->submission_seconds, 3.5);
}

TEST_F(ProgressPage, KeepsWhatADeadWorkerShowedUntilTheNextOneWrites) {
  { ProgressWriter(folder_).write({12, 3.5, 1.0, 0.25}); }
  { ProgressWriter died_during_start(folder_); }
  ASSERT_TRUE(read_progress(folder_).has_value());
  EXPECT_EQ(read_progress(folder_)->step, 12);
  ProgressWriter(folder_).write({3, 1.0, 2.0, 0.25});
  EXPECT_EQ(read_progress(folder_)->step, 3);
}

TEST_F(ProgressPage, NeverShowsHalfAnUpdate) {
  ProgressWriter writer(folder_);
  std::atomic<bool> stop{false};
  std::thread writing([&] {
    for (int64_t i = 1; !stop.load(); ++i) {
      const auto value = static_cast<double>(i);
      writer.write({i, value, value, value});
    }
  });
  for (int i = 0; i < 2000; ++i) {
    const std::optional<Progress> progress = read_progress(folder_);
    if (!progress) continue;
    EXPECT_EQ(static_cast<double>(progress->step), progress->best_metric);
  }
  stop.store(true);
  writing.join();
}

TEST_F(ProgressPage, IgnoresAFileOfSomethingElse) {
  write(folder_ / "progress", std::string(64, 'x'));
  EXPECT_FALSE(read_progress(folder_).has_value());
  write(folder_ / "progress", "short");
  EXPECT_FALSE(read_progress(folder_).has_value());
}

}  // namespace
}  // namespace timetrial
