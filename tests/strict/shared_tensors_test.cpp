#include "harness/strict/shared_tensors.h"

#include <cerrno>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <torch/torch.h>

#include "harness/errors/user_error.h"
#include "harness/journal/file_descriptor.h"

namespace timetrial {
namespace {

FileDescriptor memory_file() {
  return FileDescriptor(::memfd_create("shared-tensors-test", MFD_CLOEXEC | MFD_ALLOW_SEALING));
}

std::vector<at::Tensor> a_model(double value) {
  return {torch::full({3, 5}, value), torch::full({}, static_cast<int64_t>(value), torch::kLong),
          torch::full({2, 1, 7}, value, torch::kDouble), torch::empty({0, 4})};
}

TEST(SharedTensors, BringValuesFromOneMappingToTheOther) {
  const FileDescriptor file = memory_file();
  SharedTensors evaluator = SharedTensors::make(file.get(), a_model(0));
  SharedTensors trainer = SharedTensors::open(file.get(), a_model(0));
  trainer.put(a_model(7));
  const std::vector<at::Tensor> found = a_model(0), expected = a_model(7);
  evaluator.take(found);
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_TRUE(at::equal(found[i], expected[i])) << i;
}

TEST(SharedTensors, TakeParametersThatNeedGradients) {
  const FileDescriptor file = memory_file();
  const at::Tensor parameter = torch::ones({4}, at::TensorOptions().requires_grad(true));
  SharedTensors shared = SharedTensors::make(file.get(), {parameter});
  shared.put({torch::full({4}, 2.0)});
  shared.take({parameter});
  EXPECT_TRUE(at::equal(parameter, torch::full({4}, 2.0)));
}

TEST(SharedTensors, ShowTheWishToEnd) {
  const FileDescriptor file = memory_file();
  SharedTensors evaluator = SharedTensors::make(file.get(), a_model(0));
  SharedTensors trainer = SharedTensors::open(file.get(), a_model(0));
  EXPECT_FALSE(trainer.stop_flag().load());
  evaluator.stop_flag().store(true);
  EXPECT_TRUE(trainer.stop_flag().load());
}

TEST(SharedTensors, CannotBeTakenAwayByTheTrainer) {
  const FileDescriptor file = memory_file();
  const SharedTensors evaluator = SharedTensors::make(file.get(), a_model(0));
  EXPECT_NE(::ftruncate(file.get(), 0), 0);
  EXPECT_EQ(errno, EPERM);
}

TEST(SharedTensors, RefuseAnotherModel) {
  const FileDescriptor file = memory_file();
  const SharedTensors evaluator = SharedTensors::make(file.get(), a_model(0));
  EXPECT_THROW(SharedTensors::open(file.get(), {torch::ones({1000})}), UserError);
}

}  // namespace
}  // namespace timetrial
