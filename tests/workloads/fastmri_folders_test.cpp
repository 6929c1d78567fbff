#include <fstream>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "fastmri_files.h"
#include "workloads/fastmri/knee_check.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

constexpr VolumeShape kSmall = {2, 24, 20, 16};
constexpr KneeCounts kExpected = {3, 4, 2, 6, 4, 4, 16};

class KneeFolders : public testing::Test {
 protected:
  KneeFolders() { write_knee_folders(folder_.path(), 3, 4, kSmall); }

  std::string error_of_check(const KneeCounts& expected = kExpected) {
    return user_error_of([&] { check_knee_folders(folder_.path(), expected, ignore_); });
  }

  TemporaryFolder folder_;
  const PreparationProgress ignore_ = [](const std::string&, int64_t, int64_t) {};
};

TEST_F(KneeFolders, FirstHeldOutFilesByNameAreValidation) {
  const KneeFiles files = list_knee_files(folder_.path(), 3);
  EXPECT_EQ(files.train.size(), 3u);
  ASSERT_EQ(files.validation.size(), 3u);
  EXPECT_EQ(files.validation[0].filename(), volume_name(3));
  EXPECT_EQ(files.validation[2].filename(), volume_name(5));
  ASSERT_EQ(files.test.size(), 1u);
  EXPECT_EQ(files.test[0].filename(), volume_name(6));
}

TEST_F(KneeFolders, CompleteDataSetIsDescribed) {
  const DataSetManifest manifest = check_knee_folders(folder_.path(), kExpected, ignore_);
  EXPECT_EQ(manifest.examples,
            (std::map<std::string, int64_t>{{"train", 6}, {"validation", 4}, {"test", 4}}));
  EXPECT_TRUE(manifest.id.starts_with("fastmri-full-"));
  EXPECT_EQ(manifest.id, check_knee_folders(folder_.path(), kExpected, ignore_).id);
}

TEST_F(KneeFolders, HalfDownloadedFoldersAreCounted) {
  fs::remove(folder_.path() / kTrainFolder / volume_name(1));
  EXPECT_THAT(error_of_check(), AllOf(HasSubstr(kTrainFolder), HasSubstr("should be 3 files (found: 2)")));
  write_volume(folder_.path() / kTrainFolder / volume_name(1), made_up_volume({1, 24, 20, 16}, 1));
  EXPECT_THAT(error_of_check(), HasSubstr("should be 6 slices in the train split (found: 5)"));
  fs::remove(folder_.path() / kHeldOutFolder / volume_name(6));
  EXPECT_THAT(error_of_check(), HasSubstr("should be 4 files (found: 3)"));
}

TEST_F(KneeFolders, OfficialCountsAreThoseOfTheDataSet) {
  EXPECT_THAT(error_of_check(kOfficialKneeCounts), HasSubstr("should be 973 files (found: 3)"));
}

TEST_F(KneeFolders, EmptyAndMissingSplitsAreNamed) {
  EXPECT_THAT(user_error_of([&] { list_knee_files(folder_.path(), 4); }), HasSubstr("test split"));
  fs::remove_all(folder_.path() / kTrainFolder);
  EXPECT_THAT(user_error_of([&] { list_knee_files(folder_.path(), 2); }),
              AllOf(HasSubstr("missing"), HasSubstr("prepare fastmri")));
  fs::create_directory(folder_.path() / kTrainFolder);
  std::ofstream(folder_.path() / kTrainFolder / "file.h5.partial") << "half a file";
  EXPECT_THAT(user_error_of([&] { list_knee_files(folder_.path(), 2); }),
              HasSubstr("training split is empty"));
}

TEST_F(KneeFolders, ImagesOfAnotherSizeAreRefused) {
  write_volume(folder_.path() / kTrainFolder / volume_name(1), made_up_volume({2, 24, 20, 14}, 1));
  EXPECT_THAT(error_of_check(), AllOf(HasSubstr("not 16 x 16"), HasSubstr("14 x 14")));
}

TEST_F(KneeFolders, DamagedFileIsFoundByTheCheck) {
  const fs::path file = folder_.path() / kHeldOutFolder / volume_name(5);
  fs::resize_file(file, fs::file_size(file) / 2);
  EXPECT_THAT(error_of_check(), HasSubstr(volume_name(5)));
}

}  // namespace
}  // namespace timetrial
