#include "optimizer_memory.h"

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>

#include <ATen/ops/randn.h>

namespace timetrial {
namespace {

// Lines "index,name,64x3x7x7,..." below a heading.
std::vector<std::vector<int64_t>> recorded_shapes(const std::string& file) {
  std::vector<std::vector<int64_t>> shapes;
  std::ifstream lines(file);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    std::string index, name, sizes, size;
    std::getline(fields, index, ',');
    std::getline(fields, name, ',');
    std::getline(fields, sizes, ',');
    std::vector<int64_t> shape;
    for (std::istringstream list(sizes); std::getline(list, size, 'x');) shape.push_back(std::stoll(size));
    shapes.push_back(shape);
  }
  return shapes;
}

std::vector<std::vector<int64_t>> shapes_of_the_architecture() {
  std::vector<std::vector<int64_t>> shapes;
  auto convolution = [&](int64_t out, int64_t in, int64_t kernel) {
    shapes.push_back({out, in, kernel, kernel});
    shapes.push_back({out});  // scale and bias of the normalisation that follows
    shapes.push_back({out});
  };
  convolution(64, 3, 7);
  int64_t channels = 64;
  int64_t width = 64;
  for (const int blocks : {3, 4, 6, 3}) {
    for (int block = 0; block < blocks; ++block) {
      convolution(width, channels, 1);
      convolution(width, width, 3);
      convolution(4 * width, width, 1);
      if (block == 0) convolution(4 * width, channels, 1);
      channels = 4 * width;
    }
    width *= 2;
  }
  shapes.push_back({1000, channels});
  shapes.push_back({1000});
  return shapes;
}

}  // namespace

std::vector<std::vector<int64_t>> resnet50_shapes() {
  auto shapes = recorded_shapes(TIMETRIAL_SOURCE_DIR "/../shared/golden/parity/imagenet_resnet/params.csv");
  return shapes.empty() ? shapes_of_the_architecture() : shapes;
}

std::vector<at::Tensor> random_tensors(const std::vector<std::vector<int64_t>>& shapes) {
  std::vector<at::Tensor> tensors;
  for (const auto& shape : shapes) tensors.push_back(at::randn(shape).mul_(0.01));
  return tensors;
}

}  // namespace timetrial
