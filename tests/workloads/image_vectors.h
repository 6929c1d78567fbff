#pragma once

#include <fstream>
#include <string>

#include <nlohmann/json.hpp>
#include <zlib.h>

#include "workloads/imagenet/image.h"

namespace timetrial {

// What Pillow and torchvision made of the same images: image_vectors.json, written by image_vectors.py.
inline const nlohmann::json& image_vectors() {
  static const nlohmann::json vectors = nlohmann::json::parse(
      std::ifstream(std::string(TIMETRIAL_SOURCE_DIR) + "/tests/workloads/image_vectors.json"));
  return vectors;
}

inline std::string hexadecimal(const Image& image) {
  std::string text;
  for (const uint8_t value : image.pixels) {
    text += "0123456789abcdef"[value >> 4];
    text += "0123456789abcdef"[value & 15];
  }
  return text;
}

inline std::string from_hexadecimal(const std::string& text) {
  std::string bytes;
  for (size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

inline uint32_t checksum(const Image& image) {
  return static_cast<uint32_t>(crc32_z(0, image.pixels.data(), image.pixels.size()));
}

}  // namespace timetrial
