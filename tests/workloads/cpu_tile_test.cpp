// The kernels of the tile collection: they compute what their graphs say, whatever their tiles; how they are
// timed.

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <gmock/gmock.h>

#include "workloads/tpugraphs/interleaved_timing.h"
#include "workloads/tpugraphs_tile/cpu_tile/loop_nests.h"
#include "workloads/tpugraphs_tile/cpu_tile/tile_choices.h"
#include "workloads/tpugraphs_tile/cpu_tile/tile_collection.h"

namespace timetrial {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;
using Floats = std::vector<float>;

TEST(LoopNests, MultiplyMatrices) {
  const Floats a = {1, 2, 3, 4, 5, 6}, b = {1, 0, 2, 0, 1, 3};  // [2, 3] and [3, 2]
  Floats c(4, -1);
  for (const int64_t tile : {1, 2, 3}) {
    multiply_matrices(a.data(), b.data(), c.data(), {2, tile}, {2, tile}, {3, tile});
    EXPECT_THAT(c, ElementsAre(1 + 4 + 3, 0 + 0 + 9, 4 + 10 + 6, 0 + 0 + 18));
  }
}

TEST(LoopNests, Convolve) {
  // One pixel, two inputs, one output: the sum over the window of input times kernel.
  Floats input(18), kernel(18), output(1, -1);
  for (size_t i = 0; i < 18; ++i) {
    input[i] = static_cast<float>(i);
    kernel[i] = 1;
  }
  convolve(input.data(), kernel.data(), output.data(), 1, {1, 1}, {2, 2}, {1, 1});
  EXPECT_THAT(output, ElementsAre(153));
  Floats separate(2, -1);
  convolve_depthwise(input.data(), kernel.data(), separate.data(), {1, 1}, {1, 1}, {2, 1});
  EXPECT_THAT(separate, ElementsAre(72, 81));
}

TEST(LoopNests, NormaliseAndSumAndTranspose) {
  const Floats matrix = {1, 3, 10, 10, 0, 4};  // [3, 2]
  Floats normal(6), moments(6);
  normalise_rows_in_tiles(matrix.data(), normal.data(), moments.data(), {3, 2}, {2, 1});
  const Floats expected = {-1, 1, 0, 0, -1, 1};
  for (size_t i = 0; i < 6; ++i) EXPECT_NEAR(normal[i], expected[i], 1e-4);
  Floats sums(2);
  sum_rows_in_tiles(matrix.data(), sums.data(), {3, 2}, {2, 1});
  EXPECT_THAT(sums, ElementsAre(11, 17));
  Floats sum(6);
  transpose_and_add(matrix.data(), Floats(6, 100).data(), sum.data(), {3, 2}, {2, 2});
  EXPECT_THAT(sum, ElementsAre(101, 110, 100, 103, 110, 104));
}

TEST(TileChoices, AreLegalAndAllDifferentWithTheDefaultFirst) {
  const auto three = tile_choices({128, 200, 16});
  EXPECT_EQ(three.size(), 6U * 6 * 3);
  EXPECT_THAT(three.front(), ElementsAre(32, 32, 16));
  EXPECT_EQ(std::set(three.begin(), three.end()).size(), three.size());
  EXPECT_THAT(three, Contains(ElementsAre(128, 4, 8)));
  const auto two = tile_choices({700, 2});
  EXPECT_EQ(two.size(), 10U * 2);
  EXPECT_THAT(two.front(), ElementsAre(32, 2));
  EXPECT_THAT(two, Not(Contains(Contains(1024))));
  EXPECT_THAT(tile_choices({3, 3, 3}), ElementsAre(ElementsAre(3, 3, 3)));
}

// Small kernels of every operation.
std::vector<TileKernel> small_kernels() {
  std::vector<TileKernel> kernels;
  kernels.push_back(matrix_multiply_kernel(9, 20, 33));
  kernels.push_back(convolution_kernel(3, 7, 8, 12));
  kernels.push_back(depthwise_convolution_kernel(6, 5, 17));
  kernels.push_back(normalisation_kernel(7, 40));
  kernels.push_back(row_sum_kernel(40, 33));
  kernels.push_back(transpose_add_kernel(9, 14));
  return kernels;
}

TEST(TileKernels, ComputeTheSameWithEveryConfiguration) {
  for (const TileKernel& kernel : small_kernels()) {
    kernel.run(kernel.configurations.front());
    const Floats expected(kernel.output().begin(), kernel.output().end());
    EXPECT_TRUE(std::any_of(expected.begin(), expected.end(), [](float value) { return value != 0; }));
    for (const TileConfiguration& configuration : kernel.configurations) {
      kernel.run(configuration);
      for (size_t i = 0; i < expected.size(); ++i)
        ASSERT_NEAR(kernel.output()[i], expected[i], 1e-4) << kernel.name << " " << i;
    }
  }
}

TEST(TileKernels, HaveGraphsOfWhatTheyCompute) {
  for (const TileKernel& kernel : small_kernels()) {
    validate(kernel.graph);
    const Shape& root = kernel.graph.nodes.back().output;
    EXPECT_TRUE(kernel.graph.nodes.back().is_root) << kernel.name;
    EXPECT_EQ(elements_of(root), std::ssize(kernel.output())) << kernel.name;
    // Every bound of the output has its dimension.
    for (const TileConfiguration& configuration : kernel.configurations) {
      ASSERT_EQ(configuration.output_bounds.size(), root.dimensions.size()) << kernel.name;
      for (size_t i = 0; i < root.dimensions.size(); ++i)
        EXPECT_LE(configuration.output_bounds[i], root.dimensions[i]) << kernel.name;
    }
  }
}

TEST(TileCollection, HasEveryOperationInEverySplit) {
  std::map<std::string, int> kernels;
  std::map<std::string, std::set<std::string>> operations;
  std::set<std::string> names;
  for (const CollectedKernel& collected : tile_collection()) {
    const TileKernel kernel = collected.make();
    ++kernels[collected.split];
    operations[collected.split].insert(kernel.name.substr(0, kernel.name.find_first_of("0123456789")));
    names.insert(kernel.name);
    EXPECT_GE(kernel.configurations.size(), 20U) << kernel.name;
    EXPECT_LE(kernel.configurations.size(), 216U) << kernel.name;
  }
  EXPECT_EQ(names.size(), 64U);
  EXPECT_EQ(kernels, (std::map<std::string, int>{{"train", 48}, {"valid", 8}, {"test", 8}}));
  for (const auto& [split, all] : operations) EXPECT_EQ(all.size(), 6U) << split;
}

// A clock that only runs while something runs.
struct MadeUpTime {
  int64_t now = 0;
  std::vector<int64_t> order;
};

TEST(InterleavedTiming, KeepsTheLeastOfAllRoundsAndOfTheirHalves) {
  MadeUpTime time;
  int64_t calls = 0;
  const std::vector<LeastTimes> times =
      time_interleaved({.ways = 3,
                        .rounds = 4,
                        .seed = 7,
                        .run =
                            [&](int64_t way) {
                              const int64_t round = calls++ / 3 - 1;  // the first does not count
                              time.order.push_back(way);
                              time.now += round < 0 ? 1 : 100 * (way + 1) + 10 * round;
                            },
                        .nanoseconds = [&] { return time.now; }});
  ASSERT_EQ(time.order.size(), 15U);
  for (int64_t way = 0; way < 3; ++way) {
    const LeastTimes& least = times[static_cast<size_t>(way)];
    EXPECT_EQ(least.all, 100 * (way + 1));
    EXPECT_EQ(least.even, 100 * (way + 1));
    EXPECT_EQ(least.odd, 100 * (way + 1) + 10);
  }
  std::set<std::vector<int64_t>> orders;
  for (auto round = time.order.begin(); round != time.order.end(); round += 3) {
    std::vector<int64_t> order(round, round + 3);
    orders.insert(order);
    std::sort(order.begin(), order.end());
    EXPECT_THAT(order, ElementsAre(0, 1, 2)) << "every way once a round";
  }
  EXPECT_GT(orders.size(), 1U) << "not always in the same order";
}

TEST(TimingNoise, ComparesTheHalves) {
  const TimingNoise clean = timing_noise({{100, 100, 101}, {200, 201, 200}, {300, 300, 300}});
  EXPECT_DOUBLE_EQ(clean.tau, 1);
  EXPECT_DOUBLE_EQ(clean.accuracy, 1);
  EXPECT_DOUBLE_EQ(clean.difference, 1.0 / 200);
  EXPECT_DOUBLE_EQ(clean.resolution, 0.03);
  const TimingNoise noisy = timing_noise({{100, 100, 120}, {110, 130, 110}, {100, 100, 110}});
  EXPECT_DOUBLE_EQ(noisy.difference, 20.0 / 110);
  EXPECT_DOUBLE_EQ(noisy.resolution, 60.0 / 110);
  EXPECT_LT(noisy.tau, 0.8);
}

}  // namespace
}  // namespace timetrial
