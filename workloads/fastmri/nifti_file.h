#pragma once

// NIfTI-1, the usual format of brain images: a header of 348 bytes, then the voxels, x running fastest.

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace timetrial {

struct Voxels {
  std::array<int64_t, 3> size{};  // along x, y, z
  std::vector<float> values;      // [z][y][x]

  float at(int64_t x, int64_t y, int64_t z) const {
    return values[static_cast<size_t>((z * size[1] + y) * size[0] + x)];
  }
};

// One volume in a little-endian single file ("n+1") of uint8, int16, uint16, float32 or float64, scaled as
// the header says. `name` is for the message. Throws UserError for anything else, for a file that ends early,
// and for voxels that are not finite.
Voxels parse_nifti(std::string_view bytes, const std::string& name);

// The same from a plain or gzip-compressed file.
Voxels read_nifti(const std::filesystem::path& file);

}  // namespace timetrial
