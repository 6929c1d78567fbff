#include "harness/memory/block_cache.h"

#include <cstdint>
#include <cstring>
#include <random>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "made_up_regions.h"

namespace timetrial {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;
constexpr std::size_t kSmall = 1000;
constexpr std::size_t kOwn = 64 * kMiB;  // has a region of its own

TEST(BlockCache, ABlockThatCameBackServesTheNextOfItsSize) {
  MadeUpRegions regions;
  BlockCache cache(regions, 0);
  for (const std::size_t bytes : {kSmall, kMiB, kOwn}) {
    void* first = cache.take(bytes);
    void* other = cache.take(bytes);
    EXPECT_NE(first, other);
    BlockCache::give_back(first);
    EXPECT_EQ(cache.take(bytes), first);
  }
}

TEST(BlockCache, ABlockServesTheTwoSizesBelowItsOwn) {
  MadeUpRegions regions;
  BlockCache cache(regions, 0);
  void* block = cache.take(kMiB);
  BlockCache::give_back(block);
  EXPECT_NE(cache.take(kMiB * 13 / 16), block);  // three below
  EXPECT_EQ(cache.take(kMiB * 14 / 16), block);
}

TEST(BlockCache, NothingGoesBackUnasked) {
  MadeUpRegions regions;
  BlockCache cache(regions, 0);
  std::vector<void*> blocks;
  for (std::size_t bytes = 1; bytes < 200 * kMiB; bytes = bytes * 3 / 2 + 1)
    blocks.push_back(cache.take(bytes));
  for (void* block : blocks) BlockCache::give_back(block);
  EXPECT_EQ(cache.use().in_use, 0U);
  EXPECT_GE(cache.use().held, 300 * kMiB);
  EXPECT_GE(regions.mapped_bytes(), cache.use().held);
  cache.release_free();
  EXPECT_EQ(cache.use().held, 0U);
  EXPECT_EQ(regions.count(), 0U);
  EXPECT_TRUE(regions.whole());
}

TEST(BlockCache, ReleaseKeepsWhatIsHandedOutAndItsContents) {
  MadeUpRegions regions;
  BlockCache cache(regions, 0);
  void* large = cache.take(kOwn);
  void* small = cache.take(kSmall);
  void* beside_it = cache.take(kSmall);
  std::memset(small, 7, kSmall);
  BlockCache::give_back(large);
  BlockCache::give_back(beside_it);
  cache.release_free();
  EXPECT_EQ(regions.count(), 1U);
  for (std::size_t i = 0; i < kSmall; ++i) ASSERT_EQ(static_cast<char*>(small)[i], 7);
  EXPECT_EQ(cache.take(kSmall), beside_it);
  BlockCache::give_back(small);
  EXPECT_EQ(cache.take(kSmall), small);
}

TEST(BlockCache, PagesOfAFreeBlockGoBackWhileItsNeighboursAreInUse) {
  MadeUpRegions regions;
  BlockCache cache(regions, 0);
  void* neighbour = cache.take(kSmall);
  void* large = cache.take(20 * kMiB);
  const std::size_t held = cache.use().held;
  BlockCache::give_back(large);
  cache.release_free();
  EXPECT_EQ(regions.discarded_bytes, 18 * kMiB);  // the whole pages within 20 MiB that begin between two
  EXPECT_EQ(cache.use().held, held - 18 * kMiB);
  cache.release_free();
  EXPECT_EQ(regions.discarded_bytes, 18 * kMiB);
  EXPECT_EQ(cache.take(20 * kMiB), large);
  EXPECT_EQ(cache.use().held, held);
  BlockCache::give_back(large);
  cache.release_free();
  BlockCache::give_back(neighbour);
  cache.release_free();
  EXPECT_EQ(cache.use().held, 0U);
  EXPECT_TRUE(regions.whole());
}

TEST(BlockCache, ALimitHoldsAlthoughSomethingSmallIsInUse) {
  MadeUpRegions regions;
  BlockCache cache(regions, 40 * kMiB);
  std::vector<void*> small;
  for (int round = 0; round < 3; ++round) {
    for (std::size_t megabytes = 4; megabytes <= 30; ++megabytes) {
      small.push_back(cache.take(kSmall));
      BlockCache::give_back(cache.take(megabytes * kMiB));
    }
  }
  // Up to two pages around each of 17 sizes do not lie within one block.
  EXPECT_LE(cache.use().peak_held, (40 + 17 * 4) * kMiB);
  EXPECT_TRUE(regions.whole());
}

TEST(BlockCache, FreeRegionsGoBeforeTheLimitIsExceeded) {
  MadeUpRegions regions;
  BlockCache cache(regions, 256 * kMiB);
  for (const std::size_t bytes : {kOwn, 2 * kOwn - kMiB, kOwn + 30 * kMiB, 3 * kOwn}) {
    BlockCache::give_back(cache.take(bytes));
    EXPECT_LE(cache.use().held, 256 * kMiB);
  }
  EXPECT_LE(cache.use().peak_held, 256 * kMiB);
  EXPECT_EQ(regions.count(), 1U);
}

TEST(BlockCache, ALimitCountsWhatIsCutAndNotTheRegionAroundIt) {
  MadeUpRegions regions;
  BlockCache cache(regions, 4 * kMiB);
  BlockCache::give_back(cache.take(kMiB));
  void* other = cache.take(2 * kMiB);
  BlockCache::give_back(other);
  EXPECT_EQ(regions.count(), 1U);
  EXPECT_EQ(cache.take(2 * kMiB), other);  // still there: the limit was not reached
  BlockCache::give_back(other);
  BlockCache::give_back(cache.take(3 * kMiB));
  EXPECT_LT(cache.use().held, 4 * kMiB);
}

TEST(BlockCache, TheLimitIsOfTheCacheNotOfTheProgram) {
  MadeUpRegions regions;
  BlockCache cache(regions, 100 * kMiB);
  std::vector<void*> blocks;
  for (int i = 0; i < 4; ++i) blocks.push_back(cache.take(kOwn));
  for (void* block : blocks) EXPECT_NE(block, nullptr);
  EXPECT_GT(cache.use().held, 256 * kMiB);
}

TEST(BlockCache, WhatIsFreeGoesBackWhenTheSourceIsAtItsEnd) {
  MadeUpRegions regions(200 * kMiB);
  BlockCache cache(regions, 0);
  BlockCache::give_back(cache.take(2 * kOwn));
  void* block = cache.take(2 * kOwn + 40 * kMiB);
  ASSERT_NE(block, nullptr);
  EXPECT_EQ(cache.take(kOwn), nullptr);
  EXPECT_EQ(cache.take(kLargestBlock + 1), nullptr);
  EXPECT_EQ(cache.use().in_use, 2 * kOwn + 40 * kMiB);
  BlockCache::give_back(block);
  EXPECT_NE(cache.take(kOwn), nullptr);
}

TEST(BlockCache, TakesASmallRegionWhereThereIsNoRoomForALargeOne) {
  MadeUpRegions regions(16 * kMiB);
  BlockCache cache(regions, 0);
  std::set<void*> blocks;
  for (int i = 0; i < 3; ++i) blocks.insert(cache.take(kMiB));
  EXPECT_EQ(blocks.size(), 3U);
  EXPECT_EQ(blocks.count(nullptr), 0U);
}

TEST(BlockCache, TheRestOfARegionIsNotLost) {
  MadeUpRegions regions;
  BlockCache cache(regions, 0);
  for (int i = 0; i < 5; ++i) cache.take(30 * kMiB);  // four fit into the first region, and 8 MiB are left
  EXPECT_EQ(regions.count(), 2U);
  for (int i = 0; i < 4; ++i) cache.take(24 * kMiB);  // these use up the second
  cache.take(7 * kMiB);
  EXPECT_EQ(regions.count(), 2U);
}

TEST(BlockCache, PeaksAreExactAndCountFromWhereTheyWereForgotten) {
  MadeUpRegions regions;
  BlockCache cache(regions, 0);
  void* a = cache.take(1000);
  void* b = cache.take(5);
  EXPECT_EQ(cache.use().in_use, 1005U);
  BlockCache::give_back(a);
  void* c = cache.take(300);
  EXPECT_EQ(cache.use().in_use, 305U);
  EXPECT_EQ(cache.use().peak_in_use, 1005U);
  cache.forget_peaks();
  EXPECT_EQ(cache.use().peak_in_use, 305U);
  BlockCache::give_back(b);
  BlockCache::give_back(c);
  EXPECT_EQ(cache.use().peak_in_use, 305U);
  EXPECT_EQ(cache.use().in_use, 0U);
}

// What a thread writes into a block of its own must still be there when it gives it to the next thread.
TEST(BlockCache, ThreadsNeverShareABlock) {
  MadeUpRegions regions;
  BlockCache cache(regions, 0);
  constexpr int kThreads = 4;
  std::vector<int> damaged(kThreads, 0);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&cache, &damaged, thread] {
      struct Held {
        unsigned char* memory;
        std::size_t bytes;
        unsigned char mark;
      };
      std::mt19937 random(static_cast<unsigned>(thread));
      std::vector<Held> held;
      for (int round = 0; round < 4000; ++round) {
        if (held.size() < 30 && random() % 2 == 0) {
          const std::size_t bytes = std::size_t{1} << (random() % 17);
          auto* memory = static_cast<unsigned char*>(cache.take(bytes));
          damaged[static_cast<std::size_t>(thread)] +=
              reinterpret_cast<std::uintptr_t>(memory) % kBlockAlignment != 0;
          const auto mark = static_cast<unsigned char>(random());
          std::memset(memory, mark, bytes);
          held.push_back({memory, bytes, mark});
        } else if (!held.empty()) {
          std::swap(held[random() % held.size()], held.back());
          const Held last = held.back();
          held.pop_back();
          for (std::size_t i = 0; i < last.bytes; ++i)
            damaged[static_cast<std::size_t>(thread)] += last.memory[i] != last.mark;
          BlockCache::give_back(last.memory);
        }
        if (round % 1000 == 999) cache.release_free();
      }
      for (const Held& last : held) BlockCache::give_back(last.memory);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const int count : damaged) EXPECT_EQ(count, 0);
  EXPECT_EQ(cache.use().in_use, 0U);
  cache.release_free();
  EXPECT_EQ(regions.count(), 0U);
}

}  // namespace
}  // namespace timetrial
