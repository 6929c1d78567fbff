#pragma once

// The images of CIFAR-10 (or of a data set in its binary format), held in memory as bytes.
//
// A file is a sequence of records of 3073 bytes: a label, then 32 x 32 red, green and blue values, each plane
// row by row.

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace timetrial {

inline constexpr int64_t kCifarSide = 32;
inline constexpr int64_t kCifarChannels = 3;
inline constexpr int64_t kCifarPlane = kCifarSide * kCifarSide;
inline constexpr int64_t kCifarValues = kCifarChannels * kCifarPlane;  // of one image
inline constexpr int64_t kCifarRecordBytes = 1 + kCifarValues;
inline constexpr int64_t kCifarClasses = 10;
inline constexpr int64_t kCifarTrainingFileImages = 50000;  // of the five files together
inline constexpr int64_t kCifarTestImages = 10000;
inline constexpr size_t kCifarTrainingFiles = 5;

struct CifarImages {
  std::vector<uint8_t> values;  // [count, 3, 32, 32]
  std::vector<uint8_t> labels;  // [count], 0-9

  int64_t count() const { return static_cast<int64_t>(labels.size()); }
};

struct CifarData {
  CifarImages train;
  CifarImages validation;
  CifarImages test;
};

// data_batch_1.bin … data_batch_5.bin, test_batch.bin
const std::array<std::string, kCifarTrainingFiles + 1>& cifar_file_names();

// The folder itself, or the folder cifar-10-batches-bin in it, as the official archive unpacks.
std::filesystem::path cifar_folder(const std::filesystem::path& data_set);

// Appends the records of one file. Throws UserError naming `source` for an empty or cut-off file and for a
// label above 9.
void append_cifar_records(std::string_view bytes, const std::string& source, CifarImages& images);

// The inverse, for the writer of the mini tier.
std::string cifar_records(const CifarImages& images, int64_t begin, int64_t end);

// Reads the six files. The last tenth of the training files' images is the validation split (50,000 ->
// 45,000 + 5,000). Throws UserError for a missing or damaged file.
CifarData read_cifar(const std::filesystem::path& data_set);

// The training split alone, as write_cifar_training() left it in a folder of its own.
CifarData read_cifar_training(const std::filesystem::path& folder);
void write_cifar_training(const CifarData& data, const std::filesystem::path& folder);

// CRC-32 of all labels and pixels, as 8 hexadecimal digits.
std::string cifar_digest(const CifarData& data);

}  // namespace timetrial
