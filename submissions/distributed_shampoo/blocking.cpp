#include "blocking.h"

#include <algorithm>

namespace timetrial {

std::vector<int64_t> merged_sizes(at::IntArrayRef sizes, int64_t largest) {
  std::vector<int64_t> merged;
  for (const int64_t size : sizes) {
    if (size == 1) continue;
    if (!merged.empty() && merged.back() * size <= largest) {
      merged.back() *= size;
    } else {
      merged.push_back(size);
    }
  }
  if (merged.empty()) merged.push_back(1);
  return merged;
}

std::vector<Block> blocks_of(const std::vector<int64_t>& sizes, int64_t largest) {
  std::vector<Block> blocks = {{}};
  for (const int64_t size : sizes) {
    std::vector<Block> finer;
    for (const Block& block : blocks) {
      for (int64_t begin = 0; begin < size; begin += largest) {
        Block piece = block;
        piece.begin.push_back(begin);
        piece.sizes.push_back(std::min(largest, size - begin));
        finer.push_back(std::move(piece));
      }
    }
    blocks = std::move(finer);
  }
  return blocks;
}

at::Tensor view_of(const Block& block, const at::Tensor& tensor) {
  at::Tensor view = tensor;
  for (std::size_t dimension = 0; dimension < block.sizes.size(); ++dimension) {
    view = view.narrow(static_cast<int64_t>(dimension), block.begin[dimension], block.sizes[dimension]);
  }
  return view;
}

}  // namespace timetrial
