// No room for what a trial writes.

#include <cerrno>
#include <cstring>

#include <sys/mount.h>
#include <sys/statvfs.h>

#include "end_to_end.h"

namespace timetrial {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

constexpr int64_t kFullDiskSteps = 4000;

// A file system of its own in memory, whose size can be changed.
class SmallDisk {
 public:
  explicit SmallDisk(std::filesystem::path place) : place_(std::move(place)) {
    std::filesystem::create_directories(place_);
    mounted_ = ::mount("timetrial-test", place_.c_str(), "tmpfs", 0, "size=64m") == 0;
    error_ = mounted_ ? "" : std::strerror(errno);
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(place_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool mounted() const { return mounted_; }
  const std::string& error() const { return error_; }

  void leave_free(int64_t bytes) const {
    struct statvfs status {};
    ASSERT_EQ(::statvfs(place_.c_str(), &status), 0);
    const auto used = static_cast<int64_t>((status.f_blocks - status.f_bfree) * status.f_frsize);
    const std::string size = "size=" + std::to_string(used + bytes);
    ASSERT_EQ(::mount("timetrial-test", place_.c_str(), "tmpfs", MS_REMOUNT, size.c_str()), 0);
  }

 private:
  std::filesystem::path place_;
  bool mounted_ = false;
  std::string error_;
};

class FullDisk : public EndToEnd {
 protected:
  std::string reference_hash() const {
    const std::filesystem::path reference = folder() / "reference";
    EXPECT_EQ(timetrial(fixed_trial("adamw", "mnist", kFullDiskSteps, reference)).exit_code, kDone);
    return final_hash(only_trial(reference));
  }

  std::filesystem::path trial_of(int64_t steps) const {
    for (const std::filesystem::path& directory : trial_directories(results())) {
      if (read_trial_spec(directory).max_steps == steps) return directory;
    }
    ADD_FAILURE() << "no trial of " << steps << " steps";
    return {};
  }
};

// Room in bytes: for nothing at all; for the journal but no checkpoint; for one or two checkpoints of 1.2 MB.
class FullDiskWithRoom : public FullDisk, public ::testing::WithParamInterface<int64_t> {};

TEST_P(FullDiskWithRoom, IsAClearErrorAndTheSameCommandGoesOnOnceThereIsRoom) {
  const SmallDisk disk(results());
  if (!disk.mounted()) GTEST_SKIP() << "no file system can be mounted here: " << disk.error();
  EXPECT_EQ(timetrial(fixed_trial("adamw", "mnist", 20, results())).exit_code, kDone);
  ASSERT_NO_FATAL_FAILURE(disk.leave_free(GetParam()));

  const std::vector<std::string> arguments = fixed_trial("adamw", "mnist", kFullDiskSteps, results());
  const ProgramEnd full = timetrial(arguments);
  EXPECT_EQ(full.exit_code, kUserError) << full.output;
  EXPECT_THAT(full.output, AllOf(HasSubstr(results().string()),
                                 ContainsRegex("To cure it: free (space on this disk|some disk space)")));
  const ProgramEnd list = timetrial({"list", "trials", "--results", results().string()});
  EXPECT_EQ(list.exit_code, kDone) << list.output;
  EXPECT_THAT(list.output, HasSubstr("step_limit"));

  ASSERT_NO_FATAL_FAILURE(disk.leave_free(64 << 20));
  const ProgramEnd end = timetrial(arguments);
  EXPECT_EQ(end.exit_code, kDone) << end.output;
  EXPECT_EQ(final_hash(trial_of(kFullDiskSteps)), reference_hash());
  EXPECT_EQ(stored(results()).size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(Bytes, FullDiskWithRoom, ::testing::Values(0, 600 << 10, 3 << 20));

TEST_F(FullDisk, LimitOnFileSizesIsAClearErrorToo) {
  EXPECT_EQ(timetrial(fixed_trial("adamw", "mnist", 20, results())).exit_code, kDone);
  const std::vector<std::string> arguments = fixed_trial("adamw", "mnist", kFullDiskSteps, results());
  ProgramOptions options;
  options.file_bytes_limit = 1 << 20;  // below a checkpoint, above everything else
  const ProgramEnd limited = timetrial(arguments, options);
  EXPECT_EQ(limited.exit_code, kUserError) << limited.output;
  EXPECT_THAT(limited.output,
              AllOf(HasSubstr("checkpoints/step-"), HasSubstr("To cure it: raise the limit on file sizes")));
  const ProgramEnd list = timetrial({"list", "trials", "--results", results().string()});
  EXPECT_EQ(list.exit_code, kDone) << list.output;
  EXPECT_THAT(list.output, HasSubstr("step_limit"));

  const ProgramEnd end = timetrial(arguments);
  EXPECT_EQ(end.exit_code, kDone) << end.output;
  EXPECT_EQ(final_hash(trial_of(kFullDiskSteps)), reference_hash());
}

}  // namespace
}  // namespace timetrial
