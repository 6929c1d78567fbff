#include "entries_fastmri.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

#include "harness/errors/user_error.h"
#include "workloads/fastmri/hdf5_handle.h"
#include "workloads/fastmri/nifti_file.h"
#include "workloads/fastmri/volume_file.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

void require_finite(float value) {
  if (std::isfinite(value)) return;
  std::fprintf(stderr, "does not hold: values are finite\n");
  std::abort();
}

const fs::path& scratch_file() {
  static const fs::path file =
      fs::temp_directory_path() / ("timetrial-fuzz-" + std::to_string(getpid()) + ".h5");
  return file;
}

void read_everything(const fs::path& file) {
  try {
    const VolumeFile volume = open_volume(file);
    // A hostile file may claim more than it holds; nobody reads that far.
    if (volume.rows * volume.columns > 1 << 20 || volume.slices > 64) return;
    std::vector<std::complex<float>> kspace(static_cast<size_t>(volume.rows * volume.columns));
    std::vector<float> image(static_cast<size_t>(volume.height * volume.width));
    for (int64_t slice = 0; slice < volume.slices; ++slice) {
      read_slice(volume, slice, kspace.data(), image.data());
      for (const auto value : kspace) {
        require_finite(value.real());
        require_finite(value.imag());
      }
      for (const auto value : image) require_finite(value);
    }
    require_finite(volume.maximum);
  } catch (const UserError&) {
  }
}

// Takes decisions from the front of the bytes; 0 when they are used up.
class Choices {
 public:
  explicit Choices(std::string_view bytes) : bytes_(bytes) {}

  unsigned next(unsigned below) {
    if (bytes_.empty()) return 0;
    const auto value = static_cast<unsigned char>(bytes_.front());
    bytes_.remove_prefix(1);
    return value % below;
  }
  std::string_view rest() const { return bytes_; }

 private:
  std::string_view bytes_;
};

hid_t compound(const char* first, const char* second, hid_t member) {
  const size_t size = H5Tget_size(member);
  const hid_t type = H5Tcreate(H5T_COMPOUND, 2 * size);
  H5Tinsert(type, first, 0, member);
  H5Tinsert(type, second, size, member);
  return type;
}

hid_t chosen_type(Choices& choices) {
  switch (choices.next(10)) {
    case 0:
      return compound("r", "i", H5T_NATIVE_DOUBLE);
    case 1:
      return compound("r", "x", H5T_NATIVE_FLOAT);
    case 2:
      return H5Tcopy(H5T_IEEE_F32BE);
    case 3:
      return H5Tcopy(H5T_NATIVE_DOUBLE);
    case 4:
      return H5Tcopy(H5T_NATIVE_INT);
    case 5:
      return compound("r", "i", H5T_IEEE_F32BE);
    case 6:
    case 7:
      return H5Tcopy(H5T_NATIVE_FLOAT);
    default:
      return complex_float_type();
  }
}

void make_set(hid_t file, const char* name, Choices& choices) {
  const Hdf5Handle type(chosen_type(choices), H5Tclose);
  const unsigned rank = choices.next(8) > 1 ? 3 : choices.next(5);
  std::array<hsize_t, 4> shape{};
  size_t points = 1;
  for (unsigned i = 0; i < rank; ++i) {
    shape[i] = choices.next(12);
    points *= shape[i];
  }
  const Hdf5Handle space(
      rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(static_cast<int>(rank), shape.data(), nullptr),
      H5Sclose);
  const Hdf5Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  const unsigned storage = choices.next(4);
  if (storage > 1 && rank > 0 && points > 0) {
    H5Pset_chunk(properties, static_cast<int>(rank), shape.data());
    if (storage == 3) H5Pset_deflate(properties, 1);
  }
  const Hdf5Handle set(H5Dcreate2(file, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT), H5Dclose);
  if (!set.is_open() || storage == 1) return;  // 1: never allocated
  std::vector<char> values(points * H5Tget_size(type));
  const std::string_view rest = choices.rest();
  if (!rest.empty() && !values.empty()) {
    for (size_t i = 0; i < values.size(); i += rest.size()) {
      std::memcpy(values.data() + i, rest.data(), std::min(rest.size(), values.size() - i));
    }
  }
  H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
}

void make_maximum(hid_t file, Choices& choices) {
  const unsigned kind = choices.next(5);
  if (kind == 0) return;
  const Hdf5Handle type(
      kind == 1 ? H5Tcopy(H5T_C_S1) : H5Tcopy(kind == 2 ? H5T_NATIVE_INT : H5T_NATIVE_DOUBLE), H5Tclose);
  const hsize_t two = 2;
  const Hdf5Handle space(kind == 3 ? H5Screate_simple(1, &two, nullptr) : H5Screate(H5S_SCALAR), H5Sclose);
  const Hdf5Handle attribute(H5Acreate2(file, "max", type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  std::array<char, 16> value{};
  const std::string_view rest = choices.rest();
  std::copy_n(rest.begin(), std::min(rest.size(), value.size()), value.begin());
  H5Awrite(attribute, type, value.data());
}

}  // namespace

void fuzz_fastmri_volume(std::string_view bytes) {
  {
    const Hdf5Lock lock;
    Choices choices(bytes);
    const Hdf5Handle file(H5Fcreate(scratch_file().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT),
                          H5Fclose);
    make_maximum(file, choices);
    if (choices.next(16) != 0) make_set(file, "kspace", choices);
    if (choices.next(16) != 0) make_set(file, "reconstruction_esc", choices);
  }
  read_everything(scratch_file());
  fs::remove(scratch_file());
}

void fuzz_fastmri_file(std::string_view bytes) {
  std::ofstream(scratch_file(), std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  read_everything(scratch_file());
  fs::remove(scratch_file());
}

void fuzz_nifti(std::string_view bytes) {
  try {
    const Voxels voxels = parse_nifti(bytes, "fuzz");
    for (const float value : voxels.values) require_finite(value);
  } catch (const UserError&) {
  }
}

}  // namespace timetrial
