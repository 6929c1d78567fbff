#pragma once

#include <ATen/core/Tensor.h>

#include "workloads/layers/segments.h"

namespace timetrial {

// Of rows [count, width] that are not negative and lie in the order of their segments (`order` undefined):
// the largest of every column in every segment, [segments, width]; 0 for an empty segment. The gradient goes
// to the first of equals.
at::Tensor segment_largest(const at::Tensor& rows, const Segments& segments);

// Which row that is, int64 [segments, width]; `count` for an empty segment. Made of ATen operations, as on
// devices other than the CPU.
at::Tensor largest_rows_composed(const at::Tensor& rows, const Segments& segments);

}  // namespace timetrial
