#include "harness/worker/checkpoint.h"

#include <gmock/gmock.h>
#include <torch/torch.h>

#include "../temporary_folder.h"
#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CheckpointFile : public FolderTest {
 protected:
  CheckpointRecord save(int64_t step) {
    Checkpoint checkpoint;
    checkpoint.tensors["model/net.layer1.weight"] = torch::full({3, 2}, static_cast<double>(step));
    checkpoint.tensors["random/cpu"] = torch::arange(5, torch::kByte);
    checkpoint.integers["data_position"] = {3, -1};
    const CheckpointRecord record = write_checkpoint(folder_, step, 0.3, checkpoint);
    journal_.push_back(record);
    return record;
  }

  void flip_byte_in_the_middle(const CheckpointRecord& record) const {
    const std::filesystem::path file = folder_ / record.file;
    std::string bytes = read(file);
    bytes[bytes.size() / 2] ^= 1;
    write(file, bytes);
  }

  std::vector<JournalRecord> journal_;
  std::vector<std::string> problems_;
};

TEST_F(CheckpointFile, ReadsBackExactly) {
  save(7);
  const std::optional<CheckpointRecord> found = find_checkpoint(folder_, journal_, problems_);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->step, 7);
  const Checkpoint checkpoint = read_checkpoint(folder_ / found->file);
  EXPECT_TRUE(torch::equal(checkpoint.tensors.at("model/net.layer1.weight"), torch::full({3, 2}, 7.0)));
  EXPECT_TRUE(torch::equal(checkpoint.tensors.at("random/cpu"), torch::arange(5, torch::kByte)));
  EXPECT_EQ(checkpoint.integers.at("data_position"), (std::vector<int64_t>{3, -1}));
  EXPECT_THAT(problems_, IsEmpty());
}

TEST_F(CheckpointFile, KeepsTheNewestTwo) {
  for (const int64_t step : {1, 2, 30}) save(step);
  EXPECT_FALSE(std::filesystem::exists(folder_ / std::get<CheckpointRecord>(journal_[0]).file));
  EXPECT_TRUE(std::filesystem::exists(folder_ / std::get<CheckpointRecord>(journal_[1]).file));
  EXPECT_TRUE(std::filesystem::exists(folder_ / std::get<CheckpointRecord>(journal_[2]).file));
}

TEST_F(CheckpointFile, FallsBackToTheOlderOneWhenTheNewestIsDamaged) {
  save(1);
  flip_byte_in_the_middle(save(2));
  const std::optional<CheckpointRecord> found = find_checkpoint(folder_, journal_, problems_);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->step, 1);
  ASSERT_EQ(problems_.size(), 1U);
  EXPECT_THAT(problems_[0], HasSubstr("damaged"));
}

TEST_F(CheckpointFile, CountsOnlyOnceItStandsInTheJournal) {
  save(1);
  save(2);
  journal_.pop_back();  // killed between the rename and the record
  EXPECT_EQ(find_checkpoint(folder_, journal_, problems_)->step, 1);
}

TEST_F(CheckpointFile, IsTheSameWrittenByOneProcessAndKeptByAnother) {
  const CheckpointRecord record = save(3);
  const std::filesystem::path elsewhere = folder_ / "scratch";
  std::filesystem::create_directories(elsewhere);
  const ArchiveStamp stamp =
      write_archive(elsewhere / "checkpoint.pt", read_checkpoint(folder_ / record.file));
  const ArchiveStamp found = stamp_of_archive(elsewhere / "checkpoint.pt");
  EXPECT_EQ(found.bytes, stamp.bytes);
  EXPECT_EQ(found.crc32, stamp.crc32);
  const CheckpointRecord kept = keep_archive(elsewhere / "checkpoint.pt", found, folder_, 4, 0.5);
  journal_.push_back(kept);
  EXPECT_FALSE(std::filesystem::exists(elsewhere / "checkpoint.pt"));
  EXPECT_EQ(find_checkpoint(folder_, journal_, problems_)->file, kept.file);
}

TEST_F(CheckpointFile, NoneIsNone) {
  EXPECT_FALSE(find_checkpoint(folder_, journal_, problems_).has_value());
}

}  // namespace
}  // namespace timetrial
