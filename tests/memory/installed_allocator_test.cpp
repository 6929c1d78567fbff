#include "harness/memory/installed_allocator.h"

#include <random>
#include <thread>
#include <vector>

#include <ATen/Parallel.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/ones.h>
#include <c10/core/CPUAllocator.h>
#include <gtest/gtest.h>

namespace timetrial {
namespace {

// In this program's only test that may still see LibTorch's own allocator, and so before all others.
TEST(InstalledAllocator, TakesThePlaceOfLibTorchs) {
  ASSERT_EQ(c10::GetCPUAllocator(), c10::GetDefaultCPUAllocator());
  CachingAllocator& installed = install_caching_allocator(0);
  EXPECT_EQ(c10::GetCPUAllocator(), &installed);
  const std::size_t before = installed.cache().use().in_use;
  const at::Tensor tensor = at::empty({1000}, at::kFloat);
  EXPECT_EQ(installed.cache().use().in_use, before + 4000);
  EXPECT_EQ(at::empty({0}).data_ptr(), nullptr);
}

TEST(InstalledAllocator, TensorsOfManyThreadsKeepWhatIsWrittenIntoThem) {
  CachingAllocator& installed = install_caching_allocator(0);
  const std::size_t before = installed.cache().use().in_use;
  constexpr int kThreads = 3;
  std::vector<int> damaged(kThreads, 0);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&damaged, thread] {
      at::init_num_threads();
      std::mt19937 random(static_cast<unsigned>(thread));
      std::vector<at::Tensor> held(20);
      for (int round = 0; round < 1500; ++round) {
        at::Tensor& tensor = held[random() % held.size()];
        if (tensor.defined()) {
          const int64_t first = tensor[0].item<int64_t>();
          const at::Tensor expected = at::arange(first, first + tensor.numel());
          damaged[static_cast<std::size_t>(thread)] += !tensor.equal(expected);
        }
        const int64_t first = static_cast<int64_t>(random());
        tensor = at::arange(first, first + 1 + static_cast<int64_t>(random() % 5000));
        damaged[static_cast<std::size_t>(thread)] +=
            reinterpret_cast<std::uintptr_t>(tensor.data_ptr()) % kBlockAlignment != 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const int count : damaged) EXPECT_EQ(count, 0);
  EXPECT_EQ(installed.cache().use().in_use, before);
}

// oneDNN asks for its working memory, some of 0 bytes, past the tensors.
TEST(InstalledAllocator, ConvolutionsTakeTheirWorkingMemoryFromIt) {
  CachingAllocator& installed = install_caching_allocator(0);
  const std::size_t before = installed.cache().use().in_use;
  {
    const at::Tensor images = at::ones({2, 3, 64, 64}).contiguous(at::MemoryFormat::ChannelsLast);
    const at::Tensor weights = at::ones({8, 3, 7, 7}).contiguous(at::MemoryFormat::ChannelsLast);
    const at::Tensor out = at::conv2d(images, weights, {}, 2, 3);
    EXPECT_EQ(out[0][0][10][10].item<float>(), 3 * 7 * 7);
  }
  // What oneDNN keeps for the next call is not ours to judge, but all of these tensors came back.
  EXPECT_LT(installed.cache().use().in_use, before + 2 * 8 * 32 * 32 * sizeof(float));
}

TEST(InstalledAllocator, ATensorTooLargeIsAnErrorAndNotTheEnd) {
  install_caching_allocator(0);
  EXPECT_THROW(at::empty({int64_t{1} << 50}, at::kByte), c10::OutOfMemoryError);
  EXPECT_EQ(at::ones({10}).sum().item<float>(), 10);
}

}  // namespace
}  // namespace timetrial
