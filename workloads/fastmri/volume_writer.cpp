#include "workloads/fastmri/volume_writer.h"

#include <array>

#include "harness/errors/user_error.h"
#include "workloads/fastmri/hdf5_handle.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

using Shape = std::array<int64_t, 3>;

bool write_set(hid_t file, const char* name, hid_t type, const Shape& shape, const void* values) {
  const std::array<hsize_t, 3> extent = {static_cast<hsize_t>(shape[0]), static_cast<hsize_t>(shape[1]),
                                         static_cast<hsize_t>(shape[2])};
  const Hdf5Handle space(H5Screate_simple(3, extent.data(), nullptr), H5Sclose);
  const Hdf5Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_obj_track_times(properties, false);  // a time would make every file another one
  const Hdf5Handle set(H5Dcreate2(file, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT), H5Dclose);
  return set.is_open() && H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0;
}

bool write_attribute(hid_t file, const char* name, hid_t type, const void* value) {
  const Hdf5Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  const Hdf5Handle attribute(H5Acreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  return attribute.is_open() && H5Awrite(attribute, type, value) >= 0;
}

bool write_all(const fs::path& file, const VolumeContents& contents) {
  const Hdf5Handle handle(H5Fcreate(file.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose);
  if (!handle.is_open()) return false;
  const Hdf5Handle complex_type(complex_float_type(), H5Tclose);
  const Hdf5Handle text_type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(text_type, contents.patient.size() + 1);
  return write_set(handle, "kspace", complex_type, {contents.slices, contents.rows, contents.columns},
                   contents.kspace.data()) &&
         write_set(handle, "reconstruction_esc", H5T_NATIVE_FLOAT,
                   {contents.slices, contents.height, contents.width}, contents.image.data()) &&
         write_attribute(handle, "max", H5T_NATIVE_DOUBLE, &contents.maximum) &&
         write_attribute(handle, "patient_id", text_type, contents.patient.c_str()) &&
         H5Fflush(handle, H5F_SCOPE_GLOBAL) >= 0;
}

}  // namespace

void write_volume(const fs::path& file, const VolumeContents& contents) {
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  const fs::path partial = file.string() + ".partial";
  bool written = false;
  std::string reason;
  {
    const Hdf5Lock lock;
    written = write_all(partial, contents);
    if (!written) reason = hdf5_reason();
  }
  if (written) {
    fs::rename(partial, file, error);
    written = !error;
    reason = error.message();
  }
  if (!written) {
    fs::remove(partial, error);
    throw UserError({"the file cannot be written", file.string(), reason,
                     "free space on this disk and check that you may write to this folder"});
  }
}

}  // namespace timetrial
