#include "workloads/graph_export/tensor_shape.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include <torch/torch.h>

namespace timetrial {

ElementType element_type_of(at::ScalarType type) {
  switch (type) {
    case at::kBool:
      return ElementType::pred;
    case at::kChar:
      return ElementType::s8;
    case at::kShort:
      return ElementType::s16;
    case at::kInt:
      return ElementType::s32;
    case at::kLong:
      return ElementType::s64;
    case at::kByte:
      return ElementType::u8;
    case at::kUInt16:
      return ElementType::u16;
    case at::kUInt32:
      return ElementType::u32;
    case at::kUInt64:
      return ElementType::u64;
    case at::kHalf:
      return ElementType::f16;
    case at::kFloat:
      return ElementType::f32;
    case at::kDouble:
      return ElementType::f64;
    case at::kBFloat16:
      return ElementType::bf16;
    case at::kComplexFloat:
      return ElementType::c64;
    case at::kComplexDouble:
      return ElementType::c128;
    default:
      throw std::logic_error(std::string("XLA has no element type for ") + c10::toString(type));
  }
}

Shape shape_of(const at::Tensor& tensor) {
  Shape shape = row_major(element_type_of(tensor.scalar_type()), tensor.sizes().vec());
  if (!tensor.has_storage()) return shape;
  const auto strides = tensor.strides();
  for (int64_t i = 0; i < tensor.dim(); ++i) {
    if (strides[static_cast<size_t>(i)] == 0 && tensor.size(i) > 1) return shape;
  }
  // A dimension of one element has no place of its own; by its stride it stays beside its neighbours.
  std::ranges::stable_sort(shape.minor_to_major, {},
                           [&](int64_t dimension) { return strides[static_cast<size_t>(dimension)]; });
  return shape;
}

}  // namespace timetrial
