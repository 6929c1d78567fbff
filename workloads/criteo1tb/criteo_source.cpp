#include "workloads/criteo1tb/criteo_source.h"

#include <algorithm>
#include <string>

#include <ATen/ATen.h>

#include "harness/errors/user_error.h"
#include "workloads/data/evaluation_pass.h"
#include "workloads/data/share.h"

namespace timetrial {
namespace {

Batch empty_batch(int64_t examples) {
  Batch batch;
  batch.examples = examples;
  batch.tensors = {{"inputs", at::empty({examples, kCriteoInputs}, at::kFloat)},
                   {"targets", at::empty({examples, 1}, at::kFloat)}};
  return batch;
}

}  // namespace

StreamedCriteoSource::StreamedCriteoSource(std::vector<std::filesystem::path> files, int64_t batch_size,
                                           uint64_t seed, AtEpochEnd at_epoch_end)
    : stream_(std::move(files), batch_size, seed, at_epoch_end), at_epoch_end_(at_epoch_end) {}

BatchSource::Task StreamedCriteoSource::next_task() {
  RawRows raw = stream_.next();
  if (at_epoch_end_ == AtEpochEnd::stop && !is_own_batch(batches_++)) {
    return [rows = raw.rows] {
      Batch batch;
      batch.examples = rows;
      return batch;
    };
  }
  const bool training = at_epoch_end_ == AtEpochEnd::drop_remainder;
  return [raw = std::make_shared<const RawRows>(std::move(raw)), training] {
    const Share share = training ? own_share(raw->rows) : Share{0, raw->rows};
    Batch batch = empty_batch(share.count());
    float* inputs = batch.at("inputs").data_ptr<float>();
    float* labels = batch.at("targets").data_ptr<float>();
    if (share.count() == raw->rows) {
      parse_criteo_rows(*raw, inputs, labels);
    } else {
      parse_criteo_rows(rows_between(*raw, share.begin, share.end), inputs, labels);
    }
    return batch;
  };
}

ParsedCriteoSource::ParsedCriteoSource(std::shared_ptr<const ParsedFiles> files, int64_t batch_size,
                                       uint64_t seed)
    : files_(std::move(files)), batch_size_(batch_size), seed_(seed) {
  for (const auto& file : *files_) total_rows_ += file.rows();
  if (batch_size < 1 || batch_size > total_rows_) {
    throw UserError(
        {"the batch size must be between 1 and the number of training rows, " + std::to_string(total_rows_),
         "", std::to_string(batch_size), "let the submission ask for another batch size"});
  }
  start_epoch(0);
}

void ParsedCriteoSource::start_epoch(int64_t epoch) {
  epoch_ = epoch;
  order_ = file_order(files_->size(), seed_, epoch);
  file_ = 0;
  row_ = 0;
  epoch_row_ = 0;
}

BatchSource::Task ParsedCriteoSource::next_task() {
  struct Run {
    const ParsedFile* file;
    int64_t begin;
    int64_t rows;
  };
  if (epoch_row_ + batch_size_ > total_rows_) start_epoch(epoch_ + 1);
  std::vector<Run> runs;
  int64_t missing = batch_size_;
  while (missing > 0) {
    const ParsedFile& file = file_at(file_);
    const int64_t rows = std::min(missing, file.rows() - row_);
    if (rows == 0) {
      ++file_;
      row_ = 0;
      continue;
    }
    runs.push_back({&file, row_, rows});
    row_ += rows;
    missing -= rows;
  }
  epoch_row_ += batch_size_;
  return [runs = std::move(runs), share = own_share(batch_size_)] {
    Batch batch = empty_batch(share.count());
    float* inputs = batch.at("inputs").data_ptr<float>();
    float* labels = batch.at("targets").data_ptr<float>();
    int64_t first = 0;  // row of the batch that the run begins with
    for (const Run& run : runs) {
      const int64_t from = run.begin + std::max(share.begin - first, int64_t{0});
      const int64_t rows = run.begin + std::min(share.end - first, run.rows) - from;
      first += run.rows;
      if (rows <= 0) continue;
      inputs = std::copy_n(run.file->inputs.data() + from * kCriteoInputs, rows * kCriteoInputs, inputs);
      labels = std::copy_n(run.file->labels.data() + from, rows, labels);
    }
    return batch;
  };
}

DataPosition ParsedCriteoSource::position() const {
  const int64_t offset = file_ < order_.size() ? file_at(file_).line_bytes[static_cast<size_t>(row_)] : 0;
  return {epoch_, static_cast<int64_t>(file_), offset};
}

void ParsedCriteoSource::seek(const DataPosition& position) {
  const UserError misfit({"the position in the training data does not fit this data set", "checkpoint", "",
                          "resume with the data set the trial was started with, or start the trial anew"});
  if (position.size() != 3 || position[0] < 0 || position[1] < 0 ||
      position[1] >= static_cast<int64_t>(files_->size())) {
    throw misfit;
  }
  const auto order = file_order(files_->size(), seed_, position[0]);
  const auto place = static_cast<size_t>(position[1]);
  const auto& starts = (*files_)[order[place]].line_bytes;
  const auto found = std::lower_bound(starts.begin(), starts.end(), position[2]);
  if (found == starts.end() || *found != position[2]) throw misfit;
  start_epoch(position[0]);
  for (size_t i = 0; i < place; ++i) epoch_row_ += file_at(i).rows();
  file_ = place;
  row_ = found - starts.begin();
  epoch_row_ += row_;
}

}  // namespace timetrial
