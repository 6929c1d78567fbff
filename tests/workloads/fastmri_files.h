#pragma once

// Made-up files in the official layout of fastMRI's knees, good ones and bad ones.

#include <filesystem>
#include <string>
#include <vector>

#include "harness/random/split_mix.h"
#include "workloads/fastmri/hdf5_handle.h"
#include "workloads/fastmri/knee_folders.h"
#include "workloads/fastmri/volume_writer.h"

namespace timetrial {

struct VolumeShape {
  int64_t slices = 3;
  int64_t rows = 48;
  int64_t columns = 40;
  int64_t side = 32;
};

// Random values; `seed` tells volumes apart.
inline VolumeContents made_up_volume(const VolumeShape& shape, uint64_t seed) {
  uint64_t state = split_mix_bits(seed + 1);
  const auto uniform = [&state] {
    return static_cast<float>(split_mix_bits(state += kSplitMixIncrement) >> 40) * 0x1p-24f - 0.5f;
  };
  VolumeContents contents;
  contents.slices = shape.slices;
  contents.rows = shape.rows;
  contents.columns = shape.columns;
  contents.height = shape.side;
  contents.width = shape.side;
  contents.maximum = 2;
  contents.patient = "nobody";
  for (int64_t i = 0; i < shape.slices * shape.rows * shape.columns; ++i) {
    const float real = uniform();
    contents.kspace.emplace_back(real, uniform());
  }
  for (int64_t i = 0; i < shape.slices * shape.side * shape.side; ++i)
    contents.image.push_back(uniform() + 0.5f);
  return contents;
}

inline std::string volume_name(int64_t number) {
  return "file" + std::to_string(1000000 + number) + ".h5";
}

// A data set folder with so many files of each kind, all of one shape.
inline void write_knee_folders(const std::filesystem::path& folder, int64_t train_files,
                               int64_t held_out_files, const VolumeShape& shape) {
  for (int64_t i = 0; i < train_files + held_out_files; ++i) {
    const char* part = i < train_files ? kTrainFolder : kHeldOutFolder;
    write_volume(folder / part / volume_name(i), made_up_volume(shape, static_cast<uint64_t>(i)));
  }
}

// One data set of a file that is wrong in some way; its values are zeros.
struct RawSet {
  std::string name;
  hid_t type;
  std::vector<hsize_t> shape;
  std::vector<hsize_t> chunk = {};
};

inline void write_raw_hdf5(const std::filesystem::path& file, const std::vector<RawSet>& sets) {
  const Hdf5Lock lock;
  const Hdf5Handle handle(H5Fcreate(file.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose);
  for (const RawSet& set : sets) {
    const Hdf5Handle space(
        set.shape.empty() ? H5Screate(H5S_SCALAR)
                          : H5Screate_simple(static_cast<int>(set.shape.size()), set.shape.data(), nullptr),
        H5Sclose);
    const Hdf5Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    if (!set.chunk.empty()) {
      H5Pset_chunk(properties, static_cast<int>(set.chunk.size()), set.chunk.data());
      H5Pset_deflate(properties, 1);
    } else {
      H5Pset_alloc_time(properties, H5D_ALLOC_TIME_EARLY);
    }
    const Hdf5Handle made(
        H5Dcreate2(handle, set.name.c_str(), set.type, space, H5P_DEFAULT, properties, H5P_DEFAULT),
        H5Dclose);
  }
}

}  // namespace timetrial
