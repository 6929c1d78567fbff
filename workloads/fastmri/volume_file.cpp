#include "workloads/fastmri/volume_file.h"

#include <array>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include "harness/errors/user_error.h"
#include "workloads/fastmri/hdf5_handle.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCopyAgain = "copy or download this file of fastMRI's single-coil knees again";
// No scanner writes more; keeps a hostile file from asking for all memory.
constexpr hsize_t kMostSlices = 1 << 16;
constexpr hsize_t kMostPixelsPerSide = 1 << 13;

UserError bad_file(const fs::path& file, const std::string& what, const std::string& value) {
  return UserError({what, file.string(), value, kCopyAgain});
}

struct DataSetFacts {
  std::array<hsize_t, 3> shape{};
  int64_t offset = -1;
};

bool is_float32(hid_t type) {
  return H5Tget_class(type) == H5T_FLOAT && H5Tget_size(type) == sizeof(float);
}

bool is_complex64(hid_t type) {
  if (H5Tget_class(type) != H5T_COMPOUND || H5Tget_nmembers(type) != 2) return false;
  for (unsigned i = 0; i < 2; ++i) {
    char* name = H5Tget_member_name(type, i);
    const bool named = name != nullptr && std::strcmp(name, i == 0 ? "r" : "i") == 0;
    H5free_memory(name);
    const Hdf5Handle member(H5Tget_member_type(type, i), H5Tclose);
    if (!named || !is_float32(member)) return false;
  }
  return true;
}

// Where the values begin when they lie in this file in one piece, in this machine's format; else -1.
int64_t offset_of_values(hid_t set, hid_t type, hid_t memory_type) {
  const Hdf5Handle properties(H5Dget_create_plist(set), H5Pclose);
  if (H5Pget_layout(properties) != H5D_CONTIGUOUS || H5Pget_external_count(properties) != 0 ||
      H5Tequal(type, memory_type) <= 0) {
    return -1;
  }
  const haddr_t offset = H5Dget_offset(set);
  return offset == HADDR_UNDEF ? -1 : static_cast<int64_t>(offset);
}

DataSetFacts read_facts(const fs::path& file, hid_t handle, const char* name, bool is_complex) {
  const std::string quoted = std::string("`") + name + "`";
  if (H5Lexists(handle, name, H5P_DEFAULT) <= 0) {
    throw bad_file(file, "the file has no data set " + quoted, "");
  }
  const Hdf5Handle set(H5Dopen2(handle, name, H5P_DEFAULT), H5Dclose);
  if (!set.is_open()) throw bad_file(file, quoted + " cannot be opened", hdf5_reason());
  const Hdf5Handle type(H5Dget_type(set), H5Tclose);
  if (!(is_complex ? is_complex64(type) : is_float32(type))) {
    throw bad_file(
        file,
        quoted + " should hold " + (is_complex ? "complex64 (a compound of float32 r and i)" : "float32"),
        "values of " + std::to_string(H5Tget_size(type)) + " bytes, HDF5 type class " +
            std::to_string(static_cast<int>(H5Tget_class(type))));
  }
  const Hdf5Handle space(H5Dget_space(set), H5Sclose);
  const int rank = H5Sget_simple_extent_ndims(space);
  if (rank != 3) {
    throw bad_file(file, quoted + " should have 3 dimensions: slices, rows, columns", std::to_string(rank));
  }
  DataSetFacts facts;
  H5Sget_simple_extent_dims(space, facts.shape.data(), nullptr);
  const auto [slices, rows, columns] = facts.shape;
  if (slices < 1 || rows < 1 || columns < 1 || slices > kMostSlices || rows > kMostPixelsPerSide ||
      columns > kMostPixelsPerSide) {
    throw bad_file(file, quoted + " is empty or larger than any volume",
                   std::to_string(slices) + " x " + std::to_string(rows) + " x " + std::to_string(columns));
  }
  const Hdf5Handle memory_type(is_complex ? complex_float_type() : H5Tcopy(H5T_NATIVE_FLOAT), H5Tclose);
  facts.offset = offset_of_values(set, type, memory_type);
  const uint64_t bytes = slices * rows * columns * H5Tget_size(memory_type);
  if (facts.offset >= 0 && static_cast<uint64_t>(facts.offset) + bytes > fs::file_size(file)) {
    throw bad_file(file, "the file ends before the values of " + quoted,
                   std::to_string(fs::file_size(file)) + " bytes");
  }
  return facts;
}

float read_maximum(const fs::path& file, hid_t handle) {
  if (H5Aexists(handle, "max") <= 0) return 0;
  const Hdf5Handle attribute(H5Aopen(handle, "max", H5P_DEFAULT), H5Aclose);
  const Hdf5Handle type(H5Aget_type(attribute), H5Tclose);
  const Hdf5Handle space(H5Aget_space(attribute), H5Sclose);
  const H5T_class_t kind = H5Tget_class(type);
  if ((kind != H5T_FLOAT && kind != H5T_INTEGER) || H5Sget_simple_extent_npoints(space) != 1) {
    throw bad_file(file, "the attribute `max` is not one number", "HDF5 type class " + std::to_string(kind));
  }
  double maximum = 0;
  if (H5Aread(attribute, H5T_NATIVE_DOUBLE, &maximum) < 0) {
    throw bad_file(file, "the attribute `max` cannot be read", hdf5_reason());
  }
  const auto rounded = static_cast<float>(maximum);
  if (!std::isfinite(rounded) || rounded < 0) {
    throw bad_file(file, "the attribute `max` is not a finite positive number", std::to_string(maximum));
  }
  return rounded;
}

Hdf5Handle open_file(const fs::path& file) {
  // Without the library's file locks, which network file systems often lack: the files are only read.
  const Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_file_locking(access, false, true);
  return Hdf5Handle(H5Fopen(file.c_str(), H5F_ACC_RDONLY, access), H5Fclose);
}

// Reads `bytes` at `offset`. An open file a call: a data set has more files than a process may hold open.
void read_bytes(const fs::path& file, int64_t offset, void* out, size_t bytes) {
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    throw UserError({"the file cannot be read", file.string(), strerror(errno),
                     "check that it exists and that you may read it"});
  }
  size_t done = 0;
  ssize_t count = 0;
  while (done < bytes) {
    count =
        pread(descriptor, static_cast<char*>(out) + done, bytes - done, offset + static_cast<off_t>(done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    done += static_cast<size_t>(count);
  }
  const int error = count < 0 ? errno : 0;
  close(descriptor);
  if (done < bytes)
    throw bad_file(file, "the file ends early or cannot be read", error ? strerror(error) : "");
}

void read_through_library(const VolumeFile& volume, const char* name, int64_t slice, bool is_complex,
                          void* out) {
  const Hdf5Lock lock;
  const Hdf5Handle handle = open_file(volume.file);
  const Hdf5Handle set(H5Dopen2(handle, name, H5P_DEFAULT), H5Dclose);
  const Hdf5Handle space(H5Dget_space(set), H5Sclose);
  const Hdf5Handle type(is_complex ? complex_float_type() : H5Tcopy(H5T_NATIVE_FLOAT), H5Tclose);
  const std::array<hsize_t, 3> start = {static_cast<hsize_t>(slice), 0, 0};
  const std::array<hsize_t, 3> count = {1, static_cast<hsize_t>(is_complex ? volume.rows : volume.height),
                                        static_cast<hsize_t>(is_complex ? volume.columns : volume.width)};
  const Hdf5Handle memory_space(H5Screate_simple(3, count.data(), nullptr), H5Sclose);
  if (!space.is_open() ||
      H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr) < 0 ||
      H5Dread(set, type, memory_space, space, H5P_DEFAULT, out) < 0) {
    throw bad_file(volume.file, std::string("`") + name + "` cannot be read", hdf5_reason());
  }
}

// Not a comparison of floats, so that it is one pass of vector instructions.
bool all_finite(const float* values, int64_t count) {
  constexpr uint32_t kExponent = 0x7F800000;
  uint32_t found = 0;
  for (int64_t i = 0; i < count; ++i) {
    found |= static_cast<uint32_t>((std::bit_cast<uint32_t>(values[i]) & kExponent) == kExponent);
  }
  return found == 0;
}

void check_finite(const VolumeFile& volume, const char* name, int64_t slice, const float* values,
                  int64_t count) {
  if (all_finite(values, count)) return;
  throw bad_file(
      volume.file,
      std::string("`") + name + "` has a value that is not finite in slice " + std::to_string(slice),
      "NaN or infinity");
}

}  // namespace

VolumeFile open_volume(const fs::path& file) {
  const Hdf5Lock lock;
  const Hdf5Handle handle = open_file(file);
  if (!handle.is_open()) throw bad_file(file, "the file is no HDF5 file, or is truncated", hdf5_reason());
  const DataSetFacts kspace = read_facts(file, handle, "kspace", true);
  const DataSetFacts image = read_facts(file, handle, "reconstruction_esc", false);
  if (kspace.shape[0] != image.shape[0] || image.shape[1] > kspace.shape[1] ||
      image.shape[2] > kspace.shape[2]) {
    const auto text = [](const auto& shape) {
      return std::to_string(shape[0]) + " x " + std::to_string(shape[1]) + " x " + std::to_string(shape[2]);
    };
    throw bad_file(file, "`reconstruction_esc` should have as many slices as `kspace` and not be larger",
                   text(image.shape) + " beside " + text(kspace.shape));
  }
  const auto size = [](hsize_t value) { return static_cast<int64_t>(value); };
  return {file,
          size(kspace.shape[0]),
          size(kspace.shape[1]),
          size(kspace.shape[2]),
          size(image.shape[1]),
          size(image.shape[2]),
          read_maximum(file, handle),
          kspace.offset,
          image.offset};
}

void read_slice(const VolumeFile& volume, int64_t slice, std::complex<float>* kspace, float* image) {
  const int64_t points = volume.rows * volume.columns;
  const int64_t pixels = volume.height * volume.width;
  if (volume.kspace_offset >= 0) {
    const auto bytes = static_cast<int64_t>(sizeof(*kspace)) * points;
    read_bytes(volume.file, volume.kspace_offset + slice * bytes, kspace, static_cast<size_t>(bytes));
  } else {
    read_through_library(volume, "kspace", slice, true, kspace);
  }
  if (volume.image_offset >= 0) {
    const auto bytes = static_cast<int64_t>(sizeof(*image)) * pixels;
    read_bytes(volume.file, volume.image_offset + slice * bytes, image, static_cast<size_t>(bytes));
  } else {
    read_through_library(volume, "reconstruction_esc", slice, false, image);
  }
  check_finite(volume, "kspace", slice, reinterpret_cast<const float*>(kspace), 2 * points);
  check_finite(volume, "reconstruction_esc", slice, image, pixels);
}

}  // namespace timetrial
