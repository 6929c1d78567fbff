// The audit of real calls of CUDA. Needs a GPU.

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include "cuda_test.h"

namespace timetrial {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class CudaSyncAuditTest : public CudaTest {
 protected:
  static auto operation(const auto& matcher) { return Field("operation", &SyncPlace::operation, matcher); }
};

__attribute__((noinline)) double reads_a_value(const at::Tensor& tensor) {
  const double value = tensor.item<double>();
  return value + 1;
}

TEST_F(CudaSyncAuditTest, SeesAValueThatIsReadAndWhoReadsIt) {
  const at::Tensor one = at::ones({}, on_device_);
  const std::vector<SyncPlace> places = places_of([&] { EXPECT_EQ(reads_a_value(one), 2); });
  EXPECT_THAT(places, Contains(operation(HasSubstr("Synchronize"))));
  EXPECT_THAT(places, Each(Field("stack", &SyncPlace::stack, HasSubstr("reads_a_value"))));
  EXPECT_THAT(places, Each(Field("hook", &SyncPlace::hook, "update")));
}

TEST_F(CudaSyncAuditTest, FindsNothingInKernelsOnMemoryThatIsThere) {
  at::Tensor sum = at::ones({1000}, on_device_);
  const auto work = [&] {
    for (int i = 0; i < 10; ++i) sum.mul_(1.5).add_(1);
  };
  work();
  EXPECT_THAT(places_of(work), IsEmpty());
}

TEST_F(CudaSyncAuditTest, TellsPageableFromPinnedMemory) {
  const at::Tensor source = at::ones({1 << 20}, on_device_);
  const at::Tensor pinned = at::empty({1 << 20}, at::TensorOptions().pinned_memory(true));
  const at::Tensor pageable = at::empty({1 << 20});
  const auto copy_to = [&](const at::Tensor& target) {
    return [&] { at::Tensor(target).copy_(source, /*non_blocking=*/true); };
  };
  copy_to(pinned)();
  EXPECT_THAT(places_of(copy_to(pinned)), IsEmpty());
  EXPECT_THAT(places_of(copy_to(pageable)), Contains(operation(HasSubstr("emcpy"))));
}

TEST_F(CudaSyncAuditTest, SeesABlockingAllocation) {
  const std::vector<SyncPlace> places =
      places_of([&] { at::empty({int64_t{3} << 28}, on_device_.dtype(at::kByte)); });
  EXPECT_THAT(places, Contains(operation(AnyOf(StartsWith("cudaMalloc"), StartsWith("cuMem")))));
}

TEST_F(CudaSyncAuditTest, SeesTheWorkspaceOfTheFirstMatrixProduct) {
  const at::Tensor matrix = at::ones({256, 256}, on_device_);
  EXPECT_THAT(places_of([&] { at::matmul(matrix, matrix); }), Not(IsEmpty()));
  EXPECT_THAT(places_of([&] { at::matmul(matrix, matrix); }), IsEmpty());
}

TEST_F(CudaSyncAuditTest, CountsNothingOutsideOfARegion) {
  const at::Tensor one = at::ones({}, on_device_);
  const std::unique_ptr<SyncAudit> audit = device_->audit_waits();
  one.item<double>();
  const SyncRegion of_harness(audit.get(), nullptr);
  one.item<double>();
  EXPECT_THAT(audit->places(), IsEmpty());
}

}  // namespace
}  // namespace timetrial
