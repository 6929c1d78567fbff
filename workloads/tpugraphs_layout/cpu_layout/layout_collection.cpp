#include "workloads/tpugraphs_layout/cpu_layout/layout_collection.h"

#include <span>

#include "workloads/tpugraphs_layout/cpu_layout/network_blocks.h"

namespace timetrial {
namespace {

// Of each kind the third is to validate on and the last to test on.
constexpr ImageSizes kResidual[] = {{2, 16, 16, 3}, {4, 12, 12, 4}, {1, 24, 16, 3}, {4, 16, 10, 5},
                                    {1, 16, 24, 4}, {2, 24, 10, 5}, {2, 12, 20, 2}, {2, 20, 14, 4}};
constexpr ImageSizes kResidualGradient[] = {{2, 12, 14, 2}, {1, 24, 12, 3}, {2, 16, 12, 2}, {4, 12, 10, 3},
                                            {1, 16, 16, 3}, {1, 12, 24, 2}, {2, 16, 10, 3}};
constexpr ImageSizes kSeparable[] = {{2, 24, 16, 3}, {4, 16, 12, 4}, {2, 32, 12, 3}, {1, 24, 24, 4},
                                     {4, 24, 10, 5}, {2, 16, 20, 2}, {2, 28, 14, 4}};
constexpr SequenceSizes kAttention[] = {{2, 32, 32, 2}, {1, 64, 32, 2}, {2, 24, 48, 2}, {4, 16, 32, 3},
                                        {1, 48, 64, 1}, {2, 24, 64, 2}, {1, 64, 24, 3}, {2, 40, 32, 2}};
constexpr SequenceSizes kPerceptron[] = {
    {4, 32, 32, 4}, {2, 64, 48, 2}, {4, 48, 24, 4}, {8, 24, 32, 5}, {2, 96, 32, 3}};
constexpr SequenceSizes kPerceptronGradient[] = {
    {4, 32, 48, 4}, {2, 64, 64, 3}, {4, 48, 48, 4}, {8, 24, 32, 5}, {4, 64, 32, 5}};

template <typename Sizes>
void add(std::vector<CollectedGraph>& collection, std::span<const Sizes> all,
         LayoutGraph (*make)(const Sizes&)) {
  for (size_t i = 0; i < all.size(); ++i) {
    const char* split = i == 2 ? "valid" : i + 1 == all.size() ? "test" : "train";
    collection.push_back({split, [make, sizes = all[i]] { return make(sizes); }});
  }
}

}  // namespace

std::vector<CollectedGraph> layout_collection() {
  std::vector<CollectedGraph> collection;
  add<ImageSizes>(collection, kResidual, residual_network);
  add<ImageSizes>(collection, kResidualGradient, residual_gradient);
  add<ImageSizes>(collection, kSeparable, separable_network);
  add<SequenceSizes>(collection, kAttention, attention_network);
  add<SequenceSizes>(collection, kPerceptron, perceptron_network);
  add<SequenceSizes>(collection, kPerceptronGradient, perceptron_gradient);
  return collection;
}

}  // namespace timetrial
