#pragma once

// The images of MNIST (or of a data set in its format), held in memory as bytes.

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace timetrial {

inline constexpr int64_t kMnistSide = 28;
inline constexpr int64_t kMnistPixels = kMnistSide * kMnistSide;
inline constexpr int64_t kMnistClasses = 10;
inline constexpr int64_t kMnistTrainingFileImages = 60000;
inline constexpr int64_t kMnistValidationImages = 10000;  // the last ones of the training file
inline constexpr int64_t kMnistTestImages = 10000;

struct MnistImages {
  std::vector<uint8_t> pixels;  // [count, 28, 28]
  std::vector<uint8_t> labels;  // [count], 0-9

  int64_t count() const { return static_cast<int64_t>(labels.size()); }
};

struct MnistData {
  MnistImages train;
  MnistImages validation;
  MnistImages test;
};

// The four official file names, without .gz: training images and labels, test images and labels.
const std::array<std::string, 4>& mnist_file_names();

// Reads the four IDX files (plain or .gz) of a folder. The last `validation_images` of the training file
// become the validation split. Throws UserError for a missing or damaged file, images that are not 28x28,
// labels above 9, and counts of images and labels that differ.
MnistData read_mnist(const std::filesystem::path& folder, int64_t validation_images = kMnistValidationImages);

// The training split alone, as write_mnist_training() left it in a folder of its own.
MnistData read_mnist_training(const std::filesystem::path& folder);
void write_mnist_training(const MnistData& data, const std::filesystem::path& folder);

// CRC-32 of all pixels and labels, as 8 hexadecimal digits.
std::string mnist_fingerprint(const MnistData& data);

}  // namespace timetrial
