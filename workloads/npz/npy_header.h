#pragma once

// The header of a .npy file (NumPy's NEP 1, and numpy.lib.format for versions 2 and 3): "\x93NUMPY", the
// version (two bytes), the length of the rest (two bytes in version 1, else four, little-endian), then a
// Python dictionary with exactly the keys descr, fortran_order and shape, filled up with spaces and ended by
// a line feed.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workloads/npz/npy_type.h"

namespace timetrial {

struct NpyHeader {
  NpyType type = NpyType::float32;
  bool fortran_order = false;  // the first index runs fastest
  std::vector<int64_t> shape;  // empty: a single value
  size_t header_bytes = 0;     // where the values start

  // The product of the shape; it and its bytes fit into int64_t.
  int64_t values() const;
  uint64_t value_bytes() const { return static_cast<uint64_t>(values()) * npy_type_bytes(type); }
  // Whether the values lie in another order than C's. Not so where at most one index can change.
  bool is_transposed() const;
};

// A header starts with at least so many bytes, of which the length of the whole follows.
inline constexpr size_t kNpyPreambleBytes = 12;
// The length of a whole header, preamble included, from its preamble. Throws UserError, whose place is
// `where`, for another magic number (a pickle by name), an unknown version, and for a header of more than 1
// MiB.
size_t npy_header_bytes(std::string_view preamble, const std::string& where);

// A whole header. Throws UserError, whose place is `where` and the byte, for anything but what is described
// above, for types that npy_type.h does not know, more than 64 dimensions, and for a shape whose values
// overflow 63 bits of bytes.
NpyHeader parse_npy_header(std::string_view header, const std::string& where);

// The header of an array in C's order: version 1, a multiple of 64 bytes long, as NumPy writes it but for the
// spaces in which it lets arrays grow.
std::string npy_header_text(NpyType type, std::span<const int64_t> shape);

}  // namespace timetrial
