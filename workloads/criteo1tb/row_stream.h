#pragma once

// Cuts day files into batches of complete lines, without parsing them. A batch may run across files.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "workloads/criteo1tb/row_parser.h"

namespace timetrial {

struct RawRows {
  struct Part {
    RowOrigin origin;
    std::string bytes;
    int64_t rows = 0;
  };

  std::vector<Part> parts;
  int64_t rows = 0;
};

// The rows [begin, end) of them.
RawRows rows_between(const RawRows& raw, int64_t begin, int64_t end);

// Parses all parts; `inputs` [rows, 39], `labels` [rows].
void parse_criteo_rows(const RawRows& raw, float* inputs, float* labels);

// Which order the files of an epoch come in: a shuffle drawn from (seed, epoch).
std::vector<uint32_t> file_order(size_t files, uint64_t seed, int64_t epoch);

enum class AtEpochEnd {
  drop_remainder,  // training: rows that make no full batch are dropped, the next epoch begins
  stop,            // evaluation: a smaller last batch, then empty ones
};

// Not thread-safe. Throws UserError when a file cannot be read, or training data has fewer rows than a batch.
class RowStream {
 public:
  RowStream(std::vector<std::filesystem::path> files, int64_t batch_rows, uint64_t seed,
            AtEpochEnd at_epoch_end);
  ~RowStream();
  RowStream(const RowStream&) = delete;
  RowStream& operator=(const RowStream&) = delete;

  RawRows next();
  // At most so many rows of this epoch; fewer at its end, where the stream then stays.
  RawRows next(int64_t most_rows);

  // {epoch, file in this epoch's order, byte offset in the file}
  std::vector<int64_t> position() const { return {epoch_, file_, offset_}; }
  void seek(const std::vector<int64_t>& position);

 private:
  const std::filesystem::path& current_file() const;
  RawRows::Part read_part(int64_t most_rows);
  void open_current();
  void close_current();
  void next_epoch();

  std::vector<std::filesystem::path> files_;
  int64_t batch_rows_;
  uint64_t seed_;
  AtEpochEnd at_epoch_end_;
  std::vector<uint32_t> order_;
  int64_t epoch_ = 0;
  int64_t file_ = 0;
  int64_t offset_ = 0;
  int descriptor_ = -1;
  double bytes_per_row_ = 280;  // running estimate, so that a batch is usually one read
};

}  // namespace timetrial
