// What a strictly isolated trainer sees of a data set is enough to train on, and gives the same batches.

#include <cstring>

#include <ATen/ATen.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "mini_data.h"
#include "workloads/held_back.h"
#include "workloads/preparation.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr int64_t kBatchSize = 6;
constexpr uint64_t kSeed = 9;

std::string data_set_of(const std::string& workload) {
  return make_preparation(workload)->data_set();
}

std::unique_ptr<Workload> open_mini(const std::string& workload, const fs::path& data_directory,
                                    bool training_only) {
  WorkloadOptions options;
  options.tier = Tier::mini;
  options.data_directory = data_directory;
  options.training_only = training_only;
  return make_workload(workload, options);
}

// A data directory with the prepared mini data set as the sandbox shows it: what is held back is empty.
// `without`: a name at the top of the data set that is left out.
void show_without_held_back(const std::string& workload, const fs::path& data_directory,
                            const std::string& without = "") {
  const fs::path shown = data_directory / data_set_of(workload) / "mini";
  fs::create_directories(shown);
  for (const auto& entry :
       fs::directory_iterator(mini_data_directory(data_set_of(workload)) / data_set_of(workload) / "mini")) {
    if (entry.path().filename() != without)
      fs::create_symlink(fs::absolute(entry.path()), shown / entry.path().filename());
  }
  const auto held_back = held_back_of_data_set(workload, "mini", data_directory);
  EXPECT_FALSE(held_back.empty());
  for (const fs::path& path : held_back) {
    const bool folder = fs::is_directory(path);
    fs::remove(path);  // the link
    if (folder) {
      fs::create_directory(path);
    } else {
      std::ofstream(path).flush();
    }
  }
}

void expect_same_bits(const Batch& left, const Batch& right) {
  EXPECT_EQ(left.examples, right.examples);
  ASSERT_EQ(left.tensors.size(), right.tensors.size());
  for (const auto& [name, tensor] : left.tensors) {
    const at::Tensor a = tensor.contiguous();
    const at::Tensor b = right.at(name).contiguous();
    ASSERT_EQ(a.scalar_type(), b.scalar_type()) << name;
    ASSERT_EQ(a.sizes(), b.sizes()) << name;
    EXPECT_EQ(std::memcmp(a.const_data_ptr(), b.const_data_ptr(), a.nbytes()), 0) << name;
  }
}

void expect_same_batches(BatchSource& left, BatchSource& right) {
  for (int i = 0; i < 3; ++i) {
    SCOPED_TRACE(i);
    expect_same_bits(left.next_task()(), right.next_task()());
    EXPECT_EQ(left.position(), right.position());
  }
}

class TrainingOnly : public testing::TestWithParam<std::string> {
 protected:
  TemporaryFolder folder_;
};

TEST_P(TrainingOnly, GivesTheSameBatchesWithoutWhatIsHeldBack) {
  const std::string& name = GetParam();
  SKIP_WITHOUT_MINI_DATA(data_set_of(name));
  show_without_held_back(name, folder_.path());
  const auto whole = open_mini(name, mini_data_directory(data_set_of(name)), false);
  const auto trainer = open_mini(name, folder_.path(), true);
  trainer->build_model(1);
  EXPECT_EQ(trainer->data_set_id(), whole->data_set_id());
  const auto expected = whole->training_data(kBatchSize, kSeed);
  const auto source = trainer->training_data(kBatchSize, kSeed);
  expect_same_batches(*expected, *source);
  for (int i = 0; i < 40; ++i) expected->next_task();
  const DataPosition later = expected->position();
  const auto resumed = trainer->training_data(kBatchSize, kSeed);
  resumed->seek(later);
  expect_same_batches(*expected, *resumed);
}

TEST_P(TrainingOnly, DoesNotEvaluate) {
  const auto trainer = open_mini(GetParam(), folder_.path(), true);
  for (const Split split : {Split::train_evaluation, Split::validation, Split::test})
    EXPECT_THROW(trainer->evaluate(split), std::logic_error) << to_string(split);
}

INSTANTIATE_TEST_SUITE_P(Workloads, TrainingOnly, testing::ValuesIn(workload_names()),
                         [](const auto& test) { return test.param; });

// Those whose training files also hold examples that are held back.
class TrainingFolder : public TrainingOnly {};

TEST_P(TrainingFolder, OfAnOlderDataSetIsMissedWithTheCommandThatAddsIt) {
  const std::string& name = GetParam();
  SKIP_WITHOUT_MINI_DATA(name);
  show_without_held_back(name, folder_.path(), kTrainingFolder);
  const auto trainer = open_mini(name, folder_.path(), true);
  const std::string message = user_error_of([&] { trainer->training_data(kBatchSize, kSeed); });
  EXPECT_THAT(message, HasSubstr((folder_.path() / name / "mini" / kTrainingFolder).string()));
  EXPECT_THAT(message, HasSubstr("timetrial prepare " + name + " --tier mini"));
}

TEST_P(TrainingFolder, IsAddedToAnOlderDataSetAndIsNotHeldBack) {
  const std::string& name = GetParam();
  SKIP_WITHOUT_MINI_DATA(name);
  const fs::path data_set = folder_.path() / name / "mini";
  fs::create_directories(data_set.parent_path());
  fs::copy(mini_data_directory(name) / name / "mini", data_set, fs::copy_options::recursive);
  fs::remove_all(data_set / kTrainingFolder);
  const std::string id = read_manifest(data_set, name).id;
  make_preparation(name)->complete_mini(data_set);
  EXPECT_EQ(read_manifest(data_set, name).id, id);
  EXPECT_THAT(held_back_of_data_set(name, "mini", folder_.path()),
              testing::Not(testing::Contains(data_set / kTrainingFolder)));
  expect_same_batches(*open_mini(name, folder_.path(), false)->training_data(kBatchSize, kSeed),
                      *open_mini(name, folder_.path(), true)->training_data(kBatchSize, kSeed));
}

INSTANTIATE_TEST_SUITE_P(Workloads, TrainingFolder, testing::Values("cifar", "mnist", "ogbg"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace timetrial
