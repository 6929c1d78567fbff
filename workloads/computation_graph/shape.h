#pragma once

#include <cstdint>
#include <vector>

#include "workloads/computation_graph/element_type.h"

namespace timetrial {

// The output of a node. A tuple's elements have shapes of their own on the get-tuple-element nodes behind it.
struct Shape {
  ElementType type = ElementType::invalid;
  std::vector<int64_t> dimensions;      // in elements; empty: a scalar
  std::vector<int64_t> minor_to_major;  // the dimensions in order of their strides, smallest first; as many

  bool operator==(const Shape&) const = default;
};

// In row-major order: minor_to_major counts down.
Shape row_major(ElementType type, std::vector<int64_t> dimensions);

// 1 for a scalar, 0 for a tuple.
int64_t elements_of(const Shape& shape);

int64_t bytes_of(const Shape& shape);

}  // namespace timetrial
