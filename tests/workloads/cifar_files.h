#pragma once

// Small CIFAR files for tests.

#include <string>

#include "../temporary_folder.h"
#include "workloads/cifar/cifar_data.h"

namespace timetrial {

// `count` records; every image of a file is another one, and other files' images too.
inline std::string made_up_cifar_records(int count, int file = 0) {
  std::string bytes;
  for (int i = 0; i < count; ++i) {
    bytes += static_cast<char>((file * count + i) % kCifarClasses);
    for (int64_t value = 0; value < kCifarValues; ++value) {
      bytes += static_cast<char>((file * 31 + i * 7 + value * 5 + value / kCifarSide) % 251);
    }
  }
  return bytes;
}

// The six files: 5 x `per_file` training images and as many test images as one file holds.
inline void write_cifar_files(const TemporaryFolder& folder, int per_file, const std::string& prefix = "") {
  int file = 0;
  for (const auto& name : cifar_file_names()) {
    folder.write(prefix + name, made_up_cifar_records(per_file, file++));
  }
}

}  // namespace timetrial
