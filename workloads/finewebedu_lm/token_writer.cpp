#include "workloads/finewebedu_lm/token_writer.h"

#include <cerrno>
#include <cstring>

#include "harness/errors/user_error.h"
#include "workloads/data/disk_flush.h"

namespace timetrial {

TokenWriter::TokenWriter(const std::filesystem::path& file)
    : file_(file), partial_(file.string() + ".partial") {
  std::error_code ignored;  // the stream fails next if the folder is not there
  std::filesystem::create_directories(file.parent_path(), ignored);
  stream_.open(partial_, std::ios::binary | std::ios::trunc);
  require_good();
}

void TokenWriter::write(std::span<const uint16_t> tokens) {
  stream_.write(reinterpret_cast<const char*>(tokens.data()),
                static_cast<std::streamsize>(tokens.size_bytes()));
  count_ += static_cast<int64_t>(tokens.size());
  require_good();
}

void TokenWriter::finish() {
  stream_.close();
  require_good();
  flush_disk(file_.parent_path());
  std::filesystem::rename(partial_, file_);
}

void TokenWriter::require_good() const {
  if (stream_) return;
  throw UserError({"the token file cannot be written", partial_.string(), strerror(errno),
                   "free space on this disk, or check that you may write there"});
}

}  // namespace timetrial
