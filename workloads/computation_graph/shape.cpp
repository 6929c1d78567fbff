#include "workloads/computation_graph/shape.h"

#include <numeric>
#include <utility>

namespace timetrial {

Shape row_major(ElementType type, std::vector<int64_t> dimensions) {
  Shape shape{type, std::move(dimensions), {}};
  shape.minor_to_major.resize(shape.dimensions.size());
  std::iota(shape.minor_to_major.rbegin(), shape.minor_to_major.rend(), int64_t{0});
  return shape;
}

int64_t elements_of(const Shape& shape) {
  if (shape.type == ElementType::tuple) return 0;
  int64_t count = 1;
  for (const int64_t size : shape.dimensions) count *= size;
  return count;
}

int64_t bytes_of(const Shape& shape) {
  return elements_of(shape) * bytes_of(shape.type);
}

}  // namespace timetrial
