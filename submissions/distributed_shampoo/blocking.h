#pragma once

// How a tensor is cut into blocks small enough to be preconditioned: neighbouring dimensions are merged while
// they fit, then every dimension is cut into pieces (Shi et al., A Distributed Data-Parallel PyTorch
// Implementation of the Distributed Shampoo Optimizer for Training Neural Networks At-Scale, 2023,
// section 3.2).

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace timetrial {

// Dimensions of size 1 are dropped and each of the others joins its left neighbour while the product is at
// most `largest`. A single number is [1].
std::vector<int64_t> merged_sizes(at::IntArrayRef sizes, int64_t largest);

struct Block {
  std::vector<int64_t> begin;
  std::vector<int64_t> sizes;
};

// All blocks of a tensor of these sizes, none of them longer than `largest` in any dimension; only the last
// one of a dimension is shorter than the others.
std::vector<Block> blocks_of(const std::vector<int64_t>& sizes, int64_t largest);

// The block within a tensor of the sizes it was cut from: a view.
at::Tensor view_of(const Block& block, const at::Tensor& tensor);

}  // namespace timetrial
