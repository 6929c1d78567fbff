#include "workloads/criteo1tb/row_stream.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "harness/errors/user_error.h"
#include "workloads/data/seeded_order.h"

namespace timetrial {
namespace {

UserError cannot_read(const std::filesystem::path& file) {
  return UserError({"the day file cannot be read", file.string(), strerror(errno),
                    "check that it exists, that you may read it and that its disk is well"});
}

// Up to `bytes` from `offset`; fewer only at the end of the file.
std::string read_at(int descriptor, const std::filesystem::path& file, int64_t offset, size_t bytes) {
  std::string text(bytes, '\0');
  size_t filled = 0;
  while (filled < bytes) {
    const ssize_t count = pread(descriptor, text.data() + filled, bytes - filled,
                                static_cast<off_t>(offset + static_cast<int64_t>(filled)));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw cannot_read(file);
    if (count == 0) break;
    filled += static_cast<size_t>(count);
  }
  text.resize(filled);
  return text;
}

// Moves `from` behind complete lines until `rows` reaches `most`; returns the position behind the last one.
size_t skip_lines(const std::string& text, size_t from, int64_t most, int64_t& rows) {
  while (rows < most) {
    const size_t newline = text.find('\n', from);
    if (newline == std::string::npos) break;
    from = newline + 1;
    ++rows;
  }
  return from;
}

}  // namespace

RawRows rows_between(const RawRows& raw, int64_t begin, int64_t end) {
  RawRows chosen;
  chosen.rows = end - begin;
  int64_t first = 0;  // row of the part
  for (const RawRows::Part& part : raw.parts) {
    const int64_t from = std::max(begin, first) - first;
    const int64_t to = std::min(end, first + part.rows) - first;
    first += part.rows;
    if (from >= to) continue;
    int64_t row = 0;
    const size_t start = skip_lines(part.bytes, 0, from, row);
    // The last line of a file may lack its newline.
    const size_t stop = to == part.rows ? part.bytes.size() : skip_lines(part.bytes, start, to, row);
    chosen.parts.push_back({{part.origin.file, part.origin.byte_offset + static_cast<int64_t>(start)},
                            part.bytes.substr(start, stop - start),
                            to - from});
  }
  return chosen;
}

void parse_criteo_rows(const RawRows& raw, float* inputs, float* labels) {
  for (const auto& part : raw.parts) {
    const int64_t rows = parse_criteo_rows(part.bytes, part.origin, inputs, labels);
    inputs += rows * kCriteoInputs;
    labels += rows;
  }
}

std::vector<uint32_t> file_order(size_t files, uint64_t seed, int64_t epoch) {
  return seeded_order(static_cast<uint32_t>(files), seed, epoch);
}

RowStream::RowStream(std::vector<std::filesystem::path> files, int64_t batch_rows, uint64_t seed,
                     AtEpochEnd at_epoch_end)
    : files_(std::move(files)),
      batch_rows_(batch_rows),
      seed_(seed),
      at_epoch_end_(at_epoch_end),
      order_(file_order(files_.size(), seed, 0)) {
  if (batch_rows < 1) {
    throw UserError({"the batch size must be at least 1", "", std::to_string(batch_rows),
                     "let the submission ask for another batch size"});
  }
}

RowStream::~RowStream() {
  close_current();
}

const std::filesystem::path& RowStream::current_file() const {
  return files_[order_[static_cast<size_t>(file_)]];
}

void RowStream::open_current() {
  if (descriptor_ >= 0) return;
  descriptor_ = open(current_file().c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) throw cannot_read(current_file());
}

void RowStream::close_current() {
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = -1;
}

void RowStream::next_epoch() {
  ++epoch_;
  file_ = 0;
  offset_ = 0;
  order_ = file_order(files_.size(), seed_, epoch_);
}

RawRows::Part RowStream::read_part(int64_t most_rows) {
  constexpr double kMargin = 1.03;
  constexpr size_t kLeastRead = 4096;
  open_current();
  RawRows::Part part;
  part.origin = {current_file(), offset_};
  size_t scanned = 0;
  for (;;) {
    const auto missing = static_cast<double>(most_rows - part.rows);
    const size_t wanted = static_cast<size_t>(missing * bytes_per_row_ * kMargin) + kLeastRead;
    const int64_t from = offset_ + static_cast<int64_t>(part.bytes.size());
    const std::string more = read_at(descriptor_, current_file(), from, wanted);
    part.bytes += more;
    scanned = skip_lines(part.bytes, scanned, most_rows, part.rows);
    if (part.rows == most_rows) break;
    if (more.size() <
        wanted) {  // the end of the file: what follows the last newline is a row, complete or not
      if (scanned < part.bytes.size()) ++part.rows;
      scanned = part.bytes.size();
      break;
    }
  }
  part.bytes.resize(scanned);
  offset_ += static_cast<int64_t>(scanned);
  if (part.rows > 0) bytes_per_row_ = static_cast<double>(scanned) / static_cast<double>(part.rows);
  return part;
}

RawRows RowStream::next() {
  const std::vector<int64_t> start = position();
  bool began_epoch = file_ == 0 && offset_ == 0;
  try {
    for (;;) {
      RawRows raw = next(batch_rows_);
      if (at_epoch_end_ == AtEpochEnd::stop || raw.rows == batch_rows_) return raw;
      if (began_epoch) {
        throw UserError({"the training data has fewer rows than one batch",
                         files_.front().parent_path().string(),
                         std::to_string(raw.rows) + " rows, batch size " + std::to_string(batch_rows_),
                         "let the submission ask for a smaller batch"});
      }
      next_epoch();
      began_epoch = true;
    }
  } catch (...) {
    seek(start);  // a failed call leaves the position as it was
    throw;
  }
}

RawRows RowStream::next(int64_t most_rows) {
  RawRows raw;
  while (raw.rows < most_rows && file_ < static_cast<int64_t>(files_.size())) {
    RawRows::Part part = read_part(most_rows - raw.rows);
    if (part.rows == 0) {
      close_current();
      ++file_;
      offset_ = 0;
      continue;
    }
    raw.rows += part.rows;
    raw.parts.push_back(std::move(part));
  }
  return raw;
}

void RowStream::seek(const std::vector<int64_t>& position) {
  const bool fits = position.size() == 3 && position[0] >= 0 && position[1] >= 0 && position[2] >= 0 &&
                    position[1] <= static_cast<int64_t>(files_.size());
  if (!fits) {
    throw UserError({"the position in the training data does not fit this data set", "checkpoint", "",
                     "resume with the data set the trial was started with, or start the trial anew"});
  }
  close_current();
  epoch_ = position[0];
  file_ = position[1];
  offset_ = position[2];
  order_ = file_order(files_.size(), seed_, epoch_);
}

}  // namespace timetrial
