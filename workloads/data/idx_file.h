#pragma once

// IDX, the format of MNIST: magic 0 0 8 rank (unsigned bytes), `rank` big-endian 32-bit dimensions, then the
// values in row-major order.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace timetrial {

struct IdxData {
  std::vector<int64_t> dimensions;
  std::vector<uint8_t> values;
};

// Reads a plain or gzip-compressed file of the given rank. Throws UserError for a wrong magic number or rank,
// a dimension of zero, and for fewer or more bytes than the dimensions say.
IdxData read_idx(const std::filesystem::path& file, int rank);

// The inverse: a plain file's bytes.
std::string idx_bytes(const std::vector<int64_t>& dimensions, const std::vector<uint8_t>& values);

// `folder`/NAME or `folder`/NAME.gz; empty when neither is there.
std::filesystem::path find_plain_or_gzip(const std::filesystem::path& folder, const std::string& name);

}  // namespace timetrial
