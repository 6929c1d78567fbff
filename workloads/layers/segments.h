#pragma once

// Sums of groups of rows, and their counterpart, copies of rows. Each is the other's gradient, so both can be
// differentiated as often as one likes. On the CPU every row is read once and every sum written once, always
// in the same order: results do not depend on threads. Other devices use plain ATen operations.

#include <ATen/core/Tensor.h>

namespace timetrial {

// Which of `count` rows belong to which of `segments` segments. All int64, on the device of the rows.
struct Segments {
  at::Tensor index;    // [count] segment of each row
  at::Tensor order;    // [count] rows in the order of their segments; undefined when they lie in that order
  at::Tensor offsets;  // [segments + 1]: the rows of segment s are order[offsets[s] .. offsets[s + 1])
};

// rows [count, width] -> [segments, width]; 0 for an empty segment.
at::Tensor segment_sum(const at::Tensor& rows, const Segments& segments);

// The same made of ATen operations, as on other devices; no gradient.
at::Tensor segment_sum_composed(const at::Tensor& rows, const Segments& segments);

// values [segments, width] -> [count, width]: row i is values[index[i]].
at::Tensor gather_rows(const at::Tensor& values, const Segments& segments);

}  // namespace timetrial
