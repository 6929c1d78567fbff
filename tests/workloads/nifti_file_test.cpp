#include "workloads/fastmri/nifti_file.h"

#include <cstring>
#include <limits>

#include "expect_user_error.h"

namespace timetrial {
namespace {

using testing::HasSubstr;

template <typename Value>
void put(std::string& bytes, size_t offset, Value value) {
  std::memcpy(bytes.data() + offset, &value, sizeof(value));
}

// A header of 2 x 3 x 4 voxels, which begin at byte 352.
std::string header(int16_t type) {
  std::string bytes(352, '\0');
  put<int32_t>(bytes, 0, 348);
  for (size_t i = 0; i < 4; ++i) put<int16_t>(bytes, 40 + 2 * i, static_cast<int16_t>(i == 0 ? 3 : i + 1));
  put<int16_t>(bytes, 70, type);
  put<float>(bytes, 108, 352);
  std::memcpy(bytes.data() + 344, "n+1", 4);
  return bytes;
}

template <typename Value>
std::string file(int16_t type) {
  std::string bytes = header(type);
  bytes.resize(352 + 24 * sizeof(Value));
  for (size_t i = 0; i < 24; ++i) put<Value>(bytes, 352 + i * sizeof(Value), static_cast<Value>(i));
  return bytes;
}

std::string error_of(const std::string& bytes) {
  return user_error_of([&] { parse_nifti(bytes, "head.nii"); });
}

TEST(Nifti, EveryTypeIsRead) {
  for (const auto& bytes :
       {file<uint8_t>(2), file<int16_t>(4), file<float>(16), file<double>(64), file<uint16_t>(512)}) {
    const Voxels voxels = parse_nifti(bytes, "head.nii");
    EXPECT_EQ(voxels.size, (std::array<int64_t, 3>{2, 3, 4}));
    EXPECT_EQ(voxels.at(1, 0, 0), 1);
    EXPECT_EQ(voxels.at(0, 1, 0), 2);
    EXPECT_EQ(voxels.at(0, 0, 1), 6);
    EXPECT_EQ(voxels.at(1, 2, 3), 23);
  }
}

TEST(Nifti, ScaleIsApplied) {
  std::string bytes = file<uint8_t>(2);
  put<float>(bytes, 112, 0.5f);
  put<float>(bytes, 116, -1.0f);
  EXPECT_EQ(parse_nifti(bytes, "head.nii").at(1, 2, 3), 10.5f);
}

TEST(Nifti, WhatCannotBeReadIsNamed) {
  EXPECT_THAT(error_of(std::string(347, '\0')), HasSubstr("shorter than"));
  EXPECT_THAT(error_of(std::string(400, '\0')), HasSubstr("no little-endian NIfTI-1"));
  EXPECT_THAT(error_of(file<uint8_t>(128)), HasSubstr("not supported (found: 128)"));
  EXPECT_THAT(error_of(file<float>(16).substr(0, 440)), HasSubstr("ends before its voxels"));
  std::string bytes = file<float>(16);
  put<float>(bytes, 360, std::numeric_limits<float>::quiet_NaN());
  EXPECT_THAT(error_of(bytes), HasSubstr("voxel 2"));
  bytes = file<uint8_t>(2);
  put<int16_t>(bytes, 40, 4);
  put<int16_t>(bytes, 48, 2);
  EXPECT_THAT(error_of(bytes), HasSubstr("one volume"));
  bytes = file<uint8_t>(2);
  put<int16_t>(bytes, 44, -3);
  EXPECT_THAT(error_of(bytes), HasSubstr("one volume"));
  for (const float offset : {-1.0f, 0.0f, 1e30f, std::numeric_limits<float>::quiet_NaN()}) {
    bytes = file<uint8_t>(2);
    put<float>(bytes, 108, offset);
    EXPECT_THAT(error_of(bytes), HasSubstr("ends before")) << offset;
  }
}

}  // namespace
}  // namespace timetrial
