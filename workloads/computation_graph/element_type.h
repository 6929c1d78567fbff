#pragma once

// The element types of XLA's shapes, in the order of TpuGraphs' one-hot features 2 to 20 (arXiv 2308.13490).

#include <cstdint>
#include <string_view>

namespace timetrial {

// The value is the place in the one-hot: feature 2 + value.
enum class ElementType : uint8_t {
  invalid,
  pred,  // truth values
  s8,
  s16,
  s32,
  s64,
  u8,
  u16,
  u32,
  u64,
  f16,
  f32,
  f64,
  bf16,
  c64,
  c128,
  tuple,  // no elements of its own
  opaque,
  token,
};

inline constexpr int kElementTypes = 19;

std::string_view name_of(ElementType type);

// Of one element; 0 for invalid, tuple, opaque and token.
int64_t bytes_of(ElementType type);

}  // namespace timetrial
