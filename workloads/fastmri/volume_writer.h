#pragma once

#include <complex>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace timetrial {

// What a volume file holds; see volume_file.h.
struct VolumeContents {
  int64_t slices = 0;
  int64_t rows = 0;
  int64_t columns = 0;
  int64_t height = 0;
  int64_t width = 0;
  std::vector<std::complex<float>> kspace;  // [slices, rows, columns]
  std::vector<float> image;                 // [slices, height, width]
  double maximum = 0;
  std::string patient;  // attribute patient_id
};

// Writes a file in the official layout; the same contents give the same bytes. Creates the folder when
// needed. Throws UserError when the file cannot be written.
void write_volume(const std::filesystem::path& file, const VolumeContents& contents);

}  // namespace timetrial
