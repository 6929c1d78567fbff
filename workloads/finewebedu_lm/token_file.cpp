#include "workloads/finewebedu_lm/token_file.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

static_assert(std::endian::native == std::endian::little, "token files are mapped as they are");

constexpr const char* kTokenFileCure =
    "copy it again, or delete it and run `timetrial prepare finewebedu_lm`";

}  // namespace

TokenFile::TokenFile(const std::filesystem::path& file) : path_(file) {
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  const bool opened = descriptor >= 0 && fstat(descriptor, &status) == 0;
  const auto bytes = static_cast<size_t>(status.st_size);
  const bool sound = opened && bytes > 0 && bytes % sizeof(uint16_t) == 0;
  void* memory = sound ? mmap(nullptr, bytes, PROT_READ, MAP_SHARED, descriptor, 0) : MAP_FAILED;
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  if (opened && !sound) {
    throw UserError({"this is no file of 16-bit tokens", file.string(), std::to_string(bytes) + " bytes",
                     kTokenFileCure});
  }
  if (memory == MAP_FAILED) {
    throw UserError({"the token file cannot be opened", file.string(), strerror(error), kTokenFileCure});
  }
  tokens_ = {static_cast<const uint16_t*>(memory), bytes / sizeof(uint16_t)};
}

TokenFile::~TokenFile() {
  munmap(const_cast<uint16_t*>(tokens_.data()), tokens_.size_bytes());
}

std::span<const uint16_t> TokenFile::run(int64_t index, int64_t length, int64_t vocabulary) const {
  const auto begin = static_cast<size_t>(index * length);
  const auto found = tokens_.subspan(begin, static_cast<size_t>(length));
  const auto wrong = std::find_if(found.begin(), found.end(), [&](uint16_t id) { return id >= vocabulary; });
  if (wrong != found.end()) {
    const auto place = begin + static_cast<size_t>(wrong - found.begin());
    throw UserError({"a token is not in the vocabulary of " + std::to_string(vocabulary),
                     path_.string() + ", token " + std::to_string(place), std::to_string(*wrong),
                     kTokenFileCure});
  }
  return found;
}

}  // namespace timetrial
