#pragma once

// Batches of Criteo rows: "inputs" float32 [batch, 39], "targets" float32 [batch, 1]. Both sources give the
// same batches for the same files, batch size and seed, and understand each other's positions: (epoch, file
// in this epoch's order, byte offset in the file). With several ranks each parses its own rows: its share of
// a training batch, whole batches of an evaluation.

#include <filesystem>
#include <memory>
#include <vector>

#include "workloads/criteo1tb/parsed_files.h"
#include "workloads/criteo1tb/row_stream.h"
#include "workloads/data/batch_source.h"

namespace timetrial {

// Reads and parses as it goes. With AtEpochEnd::stop a batch of 0 examples marks the end, and a batch that
// another rank evaluates has its examples counted but no tensors.
class StreamedCriteoSource : public BatchSource {
 public:
  StreamedCriteoSource(std::vector<std::filesystem::path> files, int64_t batch_size, uint64_t seed,
                       AtEpochEnd at_epoch_end);

  Task next_task() override;
  DataPosition position() const override { return stream_.position(); }
  void seek(const DataPosition& position) override { stream_.seek(position); }

 private:
  RowStream stream_;
  AtEpochEnd at_epoch_end_;
  int64_t batches_ = 0;  // begun since the start
};

// Copies out of parsed files; training only (rows that make no full batch are dropped).
class ParsedCriteoSource : public BatchSource {
 public:
  ParsedCriteoSource(std::shared_ptr<const ParsedFiles> files, int64_t batch_size, uint64_t seed);

  Task next_task() override;
  DataPosition position() const override;
  void seek(const DataPosition& position) override;

 private:
  const ParsedFile& file_at(size_t place) const { return (*files_)[order_[place]]; }
  void start_epoch(int64_t epoch);

  std::shared_ptr<const ParsedFiles> files_;
  int64_t batch_size_;
  uint64_t seed_;
  int64_t total_rows_ = 0;
  int64_t epoch_ = 0;
  std::vector<uint32_t> order_;
  size_t file_ = 0;
  int64_t row_ = 0;        // in the current file
  int64_t epoch_row_ = 0;  // in the epoch
};

}  // namespace timetrial
