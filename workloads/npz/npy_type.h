#pragma once

// The types of numbers that are read from and written to .npy files, and their names there.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace timetrial {

enum class NpyType { float32, float64, int32, int64, int8, uint8 };

// One of the six C++ types that stand for them.
template <typename Value>
concept NpyValue =
    std::is_same_v<Value, float> || std::is_same_v<Value, double> || std::is_same_v<Value, int32_t> ||
    std::is_same_v<Value, int64_t> || std::is_same_v<Value, int8_t> || std::is_same_v<Value, uint8_t>;

template <NpyValue Value>
constexpr NpyType npy_type_of() {
  if constexpr (std::is_same_v<Value, float>) return NpyType::float32;
  if constexpr (std::is_same_v<Value, double>) return NpyType::float64;
  if constexpr (std::is_same_v<Value, int32_t>) return NpyType::int32;
  if constexpr (std::is_same_v<Value, int64_t>) return NpyType::int64;
  if constexpr (std::is_same_v<Value, int8_t>) return NpyType::int8;
  return NpyType::uint8;
}

size_t npy_type_bytes(NpyType type);
// As NumPy writes it into a header: "<f4".
std::string_view npy_descr(NpyType type);
// As NumPy calls it: "float32".
std::string_view npy_type_name(NpyType type);

// The type of a `descr`: '<', '=' and '|' mean the same for us, and for one byte '>' does too. Throws
// UserError, whose place is `where`, for big-endian numbers, Python objects, structured types and all others,
// each by name.
NpyType parse_npy_descr(std::string_view descr, const std::string& where);

}  // namespace timetrial
