#include <cmath>
#include <fstream>
#include <thread>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "fastmri_files.h"
#include "workloads/fastmri/volume_file.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class FastmriVolume : public testing::Test {
 protected:
  FastmriVolume() : contents_(made_up_volume({}, 1)) { write_volume(file_, contents_); }

  std::string error_of_opening() {
    return user_error_of([&] { open_volume(file_); });
  }

  std::string error_of(const std::vector<RawSet>& sets) {
    write_raw_hdf5(file_, sets);
    return error_of_opening();
  }

  std::string error_of_reading(int64_t slice) {
    const VolumeFile volume = open_volume(file_);
    std::vector<std::complex<float>> kspace(48 * 40);
    std::vector<float> image(32 * 32);
    return user_error_of([&] { read_slice(volume, slice, kspace.data(), image.data()); });
  }

  // Slice 1 as the file has it.
  void expect_contents(const VolumeFile& volume) {
    std::vector<std::complex<float>> kspace(48 * 40);
    std::vector<float> image(32 * 32);
    read_slice(volume, 1, kspace.data(), image.data());
    EXPECT_TRUE(std::equal(kspace.begin(), kspace.end(), contents_.kspace.begin() + 48 * 40));
    EXPECT_TRUE(std::equal(image.begin(), image.end(), contents_.image.begin() + 32 * 32));
  }

  TemporaryFolder folder_;
  const fs::path file_ = folder_.path() / "volume.h5";
  VolumeContents contents_;
};

// Types live as long as the library.
hid_t complex64() {
  static const hid_t type = [] {
    const Hdf5Lock lock;
    return complex_float_type();
  }();
  return type;
}

RawSet kspace_set() {
  return {"kspace", complex64(), {3, 48, 40}};
}
RawSet image_set() {
  return {"reconstruction_esc", H5T_NATIVE_FLOAT, {3, 32, 32}};
}

TEST_F(FastmriVolume, ShapeAttributeAndSlicesAreRead) {
  const VolumeFile volume = open_volume(file_);
  EXPECT_EQ(volume.slices, 3);
  EXPECT_EQ(volume.rows, 48);
  EXPECT_EQ(volume.columns, 40);
  EXPECT_EQ(volume.height, 32);
  EXPECT_EQ(volume.width, 32);
  EXPECT_EQ(volume.maximum, 2);
  EXPECT_GT(volume.kspace_offset, 0);
  EXPECT_GT(volume.image_offset, 0);
  expect_contents(volume);
}

TEST_F(FastmriVolume, ValuesAreTheSameThroughTheLibrary) {
  VolumeFile volume = open_volume(file_);
  volume.kspace_offset = -1;
  volume.image_offset = -1;
  expect_contents(volume);
}

TEST_F(FastmriVolume, CompressedChunksAreReadThroughTheLibrary) {
  write_raw_hdf5(file_, {{"kspace", complex64(), {3, 48, 40}, {1, 48, 40}}, image_set()});
  const VolumeFile volume = open_volume(file_);
  EXPECT_EQ(volume.kspace_offset, -1);
  EXPECT_GT(volume.image_offset, 0);
  std::vector<std::complex<float>> kspace(48 * 40, {1, 1});
  std::vector<float> image(32 * 32, 1);
  read_slice(volume, 2, kspace.data(), image.data());
  EXPECT_EQ(kspace.back(), std::complex<float>(0, 0));
  EXPECT_EQ(image.back(), 0);
}

TEST_F(FastmriVolume, ManyThreadsReadAtATime) {
  VolumeFile through_library = open_volume(file_);
  through_library.kspace_offset = -1;
  const VolumeFile beside_library = open_volume(file_);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < 20; ++j) expect_contents(i % 2 == 0 ? through_library : beside_library);
    });
  }
  for (auto& thread : threads) thread.join();
}

TEST_F(FastmriVolume, AbsentMaximumIsZero) {
  write_raw_hdf5(file_, {kspace_set(), image_set()});
  EXPECT_EQ(open_volume(file_).maximum, 0);
}

TEST_F(FastmriVolume, MaximumThatIsNoFiniteNumberIsRefused) {
  contents_.maximum = std::nan("");
  write_volume(file_, contents_);
  EXPECT_THAT(error_of_opening(), HasSubstr("`max` is not a finite"));
}

TEST_F(FastmriVolume, MissingDataSetsAreNamed) {
  EXPECT_THAT(error_of({image_set()}), HasSubstr("no data set `kspace`"));
  EXPECT_THAT(error_of({kspace_set()}), HasSubstr("no data set `reconstruction_esc`"));
}

TEST_F(FastmriVolume, OtherTypesAreRefused) {
  EXPECT_THAT(error_of({{"kspace", H5T_NATIVE_FLOAT, {3, 48, 40}}, image_set()}), HasSubstr("complex64"));
  EXPECT_THAT(error_of({kspace_set(), {"reconstruction_esc", H5T_NATIVE_DOUBLE, {3, 32, 32}}}),
              HasSubstr("`reconstruction_esc` should hold float32 (found: values of 8 bytes"));
  EXPECT_THAT(error_of({kspace_set(), {"reconstruction_esc", H5T_NATIVE_INT, {3, 32, 32}}}),
              HasSubstr("float32"));
}

TEST_F(FastmriVolume, OtherRanksAndShapesAreRefused) {
  EXPECT_THAT(error_of({{"kspace", complex64(), {48, 40}}, image_set()}), HasSubstr("3 dimensions"));
  EXPECT_THAT(error_of({{"kspace", complex64(), {}}, image_set()}), HasSubstr("3 dimensions"));
  EXPECT_THAT(error_of({{"kspace", complex64(), {3, 0, 40}}, image_set()}), HasSubstr("empty"));
  EXPECT_THAT(error_of({kspace_set(), {"reconstruction_esc", H5T_NATIVE_FLOAT, {4, 32, 32}}}),
              HasSubstr("4 x 32 x 32 beside 3 x 48 x 40"));
  EXPECT_THAT(error_of({kspace_set(), {"reconstruction_esc", H5T_NATIVE_FLOAT, {3, 32, 41}}}),
              HasSubstr("not be larger"));
}

TEST_F(FastmriVolume, FilesThatAreNoHdf5AreRefused) {
  std::ofstream(file_, std::ios::trunc) << "no volume";
  EXPECT_THAT(error_of_opening(), HasSubstr("no HDF5 file"));
  std::ofstream(file_, std::ios::trunc).close();
  EXPECT_THAT(error_of_opening(), HasSubstr("no HDF5 file"));
  fs::remove(file_);
  EXPECT_THAT(error_of_opening(), HasSubstr("volume.h5"));
}

TEST_F(FastmriVolume, TruncationAnywhereIsAnError) {
  const auto size = static_cast<int64_t>(fs::file_size(file_));
  for (int64_t cut = size - 1; cut > 0; cut -= 997) {
    fs::resize_file(file_, static_cast<uintmax_t>(cut));
    EXPECT_FALSE(error_of_opening().empty()) << cut << " of " << size << " bytes";
  }
}

TEST_F(FastmriVolume, FileCutAfterItWasOpenedIsAnError) {
  const VolumeFile volume = open_volume(file_);
  fs::resize_file(file_, static_cast<uintmax_t>(volume.kspace_offset + 100));
  std::vector<std::complex<float>> kspace(48 * 40);
  std::vector<float> image(32 * 32);
  EXPECT_THAT(user_error_of([&] { read_slice(volume, 0, kspace.data(), image.data()); }),
              HasSubstr("ends early"));
}

TEST_F(FastmriVolume, ValuesThatAreNotFiniteNameTheSlice) {
  contents_.image[2 * 32 * 32 + 5] = std::nanf("");
  write_volume(file_, contents_);
  EXPECT_THAT(error_of_reading(2),
              HasSubstr("`reconstruction_esc` has a value that is not finite in slice 2"));
  contents_ = made_up_volume({}, 1);
  contents_.kspace[48 * 40].imag(INFINITY);
  write_volume(file_, contents_);
  EXPECT_THAT(error_of_reading(1), HasSubstr("`kspace` has a value that is not finite in slice 1"));
}

TEST_F(FastmriVolume, TheSameContentsGiveTheSameBytes) {
  const fs::path again = folder_.path() / "again.h5";
  write_volume(again, contents_);
  const auto bytes = [](const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
  };
  EXPECT_EQ(bytes(file_), bytes(again));
  EXPECT_THAT(user_error_of([&] { write_volume("/proc/nowhere/volume.h5", contents_); }),
              HasSubstr("written"));
}

}  // namespace
}  // namespace timetrial
