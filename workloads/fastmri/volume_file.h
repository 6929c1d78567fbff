#pragma once

// One volume of fastMRI's single-coil knees: an HDF5 file with
//   kspace              complex64 [slices, rows, columns]   compound of float32 r, i
//   reconstruction_esc  float32   [slices, height, width]   the image to predict
//   attribute max       a number, the largest value of the volume's images
//
// Values that lie in the file in one piece, as in the official files, are read beside the HDF5 library, from
// any number of threads at a time; chunked or compressed ones through it, one thread at a time.

#include <complex>
#include <cstdint>
#include <filesystem>

namespace timetrial {

struct VolumeFile {
  std::filesystem::path file;
  int64_t slices = 0;
  int64_t rows = 0;     // of kspace, the readout direction
  int64_t columns = 0;  // of kspace, the direction that is subsampled
  int64_t height = 0;   // of the images
  int64_t width = 0;
  float maximum = 0;           // 0 when the file has no attribute max
  int64_t kspace_offset = -1;  // byte where the values begin; -1 = not in one piece
  int64_t image_offset = -1;
};

// Reads shapes, types and the attribute. Throws UserError when the file is no HDF5, damaged or truncated,
// when a data set is missing, has another type, rank or number of slices, is empty, or when the image is
// larger than the k-space.
VolumeFile open_volume(const std::filesystem::path& file);

// kspace: rows * columns values, image: height * width. Thread-safe. Throws UserError when the file cannot be
// read or a value is not finite.
void read_slice(const VolumeFile& volume, int64_t slice, std::complex<float>* kspace, float* image);

}  // namespace timetrial
