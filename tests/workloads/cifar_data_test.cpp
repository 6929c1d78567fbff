#include "workloads/cifar/cifar_data.h"

#include "cifar_files.h"
#include "expect_user_error.h"
#include "workloads/preparation.h"

namespace timetrial {

std::unique_ptr<DataPreparation> prepare_cifar();

namespace {

using testing::HasSubstr;

class CifarFiles : public testing::Test {
 protected:
  CifarFiles() { write_cifar_files(folder_, 8); }

  std::string error() {
    return user_error_of([&] { read_cifar(folder_.path()); });
  }

  TemporaryFolder folder_;
};

TEST_F(CifarFiles, ValidationIsTheLastTenthOfTheTrainingFiles) {
  const CifarData data = read_cifar(folder_.path());
  EXPECT_EQ(data.train.count(), 36);
  EXPECT_EQ(data.validation.count(), 4);
  EXPECT_EQ(data.test.count(), 8);
  const std::string last_file = made_up_cifar_records(8, 4);
  EXPECT_EQ(cifar_records(data.validation, 0, 4), last_file.substr(4 * kCifarRecordBytes));
  EXPECT_EQ(cifar_records(data.train, 32, 36), last_file.substr(0, 4 * kCifarRecordBytes));
}

TEST_F(CifarFiles, TheTrainingImagesAloneAreOneFile) {
  const CifarData data = read_cifar(folder_.path());
  const auto folder = folder_.path() / kTrainingFolder;
  write_cifar_training(data, folder);
  const CifarData found = read_cifar_training(folder);
  EXPECT_EQ(found.train.values, data.train.values);
  EXPECT_EQ(found.train.labels, data.train.labels);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
  EXPECT_EQ(std::filesystem::file_size(folder / "data_batch_1.bin"), 36 * kCifarRecordBytes);
}

TEST_F(CifarFiles, AreFoundWhereTheOfficialArchiveUnpacksThem) {
  write_cifar_files(folder_, 8, "official/cifar-10-batches-bin/");
  EXPECT_EQ(cifar_digest(read_cifar(folder_.path() / "official")), cifar_digest(read_cifar(folder_.path())));
}

TEST_F(CifarFiles, DigestChangesWithEveryPixelAndLabel) {
  const std::string before = cifar_digest(read_cifar(folder_.path()));
  for (const size_t byte : {0U, 1U, 3072U}) {
    std::string changed = made_up_cifar_records(8, 5);
    changed[byte] = static_cast<char>(changed[byte] == 1 ? 2 : 1);
    folder_.write("test_batch.bin", changed);
    EXPECT_NE(cifar_digest(read_cifar(folder_.path())), before) << byte;
  }
}

TEST_F(CifarFiles, MissingFileNamesTheCure) {
  std::filesystem::remove(folder_.path() / "data_batch_3.bin");
  const std::string message = error();
  EXPECT_THAT(message, HasSubstr("data_batch_3.bin"));
  EXPECT_THAT(message, HasSubstr("timetrial prepare cifar"));
}

TEST_F(CifarFiles, CutOffEmptyAndForeignFilesAreRefused) {
  for (const size_t bytes : {0U, 1U, 3072U, 3074U, 8U * 3073 - 1}) {
    folder_.write("data_batch_2.bin", made_up_cifar_records(8).substr(0, bytes));
    const std::string message = error();
    EXPECT_THAT(message, HasSubstr("data_batch_2.bin")) << bytes;
    EXPECT_THAT(message, HasSubstr(std::to_string(bytes) + " bytes"));
  }
}

TEST_F(CifarFiles, LabelAboveNineIsRefusedWithItsRecord) {
  std::string bytes = made_up_cifar_records(8);
  bytes[3 * kCifarRecordBytes] = 10;
  folder_.write("test_batch.bin", bytes);
  EXPECT_THAT(error(), HasSubstr("label of record 3"));
}

TEST_F(CifarFiles, FullTierIsRefusedWithOtherCountsThanTheOfficialOnes) {
  const std::string message =
      user_error_of([&] { prepare_cifar()->check_full(folder_.path(), [](auto&&...) {}); });
  EXPECT_THAT(message, HasSubstr("40 and 8"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "manifest.json"));
}

}  // namespace
}  // namespace timetrial
