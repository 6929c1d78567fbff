#include "workloads/data/gathered_tensors.h"

#include <ATen/ATen.h>

#include "timetrial/ranks.h"

namespace timetrial {
namespace {

// Of every tensor: its number of dimensions, then their sizes.
at::Tensor shapes_of(const std::vector<at::Tensor>& tensors) {
  std::vector<int64_t> shapes;
  for (const at::Tensor& tensor : tensors) {
    shapes.push_back(tensor.dim());
    shapes.insert(shapes.end(), tensor.sizes().begin(), tensor.sizes().end());
  }
  return at::tensor(shapes, at::kLong);
}

at::Tensor values_of(const std::vector<at::Tensor>& tensors) {
  std::vector<at::Tensor> flat = {at::empty({0}, at::kDouble)};
  for (const at::Tensor& tensor : tensors) flat.push_back(tensor.to(at::kDouble).reshape(-1));
  return at::cat(flat);
}

std::vector<at::Tensor> unpacked(const at::Tensor& shapes, const at::Tensor& values) {
  std::vector<at::Tensor> tensors;
  const auto* shape = shapes.const_data_ptr<int64_t>();
  const int64_t* const end = shape + shapes.numel();
  int64_t place = 0;
  while (shape < end) {
    const at::IntArrayRef sizes(shape + 1, static_cast<size_t>(*shape));
    shape += 1 + *shape;
    const int64_t count = c10::multiply_integers(sizes);
    tensors.push_back(values.narrow(0, place, count).view(sizes));
    place += count;
  }
  return tensors;
}

}  // namespace

std::vector<std::vector<at::Tensor>> gathered_tensors(const std::vector<at::Tensor>& own) {
  const std::vector<at::Tensor> shapes = ranks().gather(shapes_of(own));
  const std::vector<at::Tensor> values = ranks().gather(values_of(own));
  std::vector<std::vector<at::Tensor>> by_rank;
  for (size_t rank = 0; rank < shapes.size(); ++rank) by_rank.push_back(unpacked(shapes[rank], values[rank]));
  return by_rank;
}

}  // namespace timetrial
