#include "workloads/wmt/wmt_fingerprint.h"

#include <ATen/ATen.h>

#include "workloads/fingerprint/generated_tensor.h"

namespace timetrial {
namespace {

constexpr int64_t kRows = 2;
constexpr int64_t kLength = 16;
constexpr int64_t kFirstWord = 3;  // after <unk>, <s>, </s>

at::Tensor words(uint32_t seed, int64_t vocabulary) {
  return kFirstWord + hash_tensor(seed, {kRows, kLength}, static_cast<uint32_t>(vocabulary - kFirstWord));
}

FingerprintCase finished(const std::string& name, Batch batch) {
  batch.examples = kRows;
  batch.tensors["weights"] = batch.at("targets").gt(0).to(at::kLong);
  return {.name = name, .batch = std::move(batch)};
}

FingerprintCase unpacked(int64_t vocabulary) {
  Batch batch;
  batch.tensors = {{"inputs", words(1001, vocabulary)}, {"targets", words(1002, vocabulary)}};
  batch.tensors["inputs"][1].narrow(0, 11, kLength - 11).zero_();
  batch.tensors["targets"][0].narrow(0, 13, kLength - 13).zero_();
  return finished("unpacked", batch);
}

// Lengths of the segments of each row.
using Segments = std::vector<std::vector<int64_t>>;

void add_packed_side(Batch& batch, const std::string& name, const at::Tensor& generated,
                     const Segments& segments) {
  const at::Tensor positions = at::zeros({kRows, kLength}, at::kLong);
  const at::Tensor numbers = at::zeros({kRows, kLength}, at::kLong);
  for (size_t row = 0; row < segments.size(); ++row) {
    int64_t place = 0;
    for (size_t i = 0; i < segments[row].size(); ++i) {
      const int64_t length = segments[row][i];
      const auto index = static_cast<int64_t>(row);
      positions[index].narrow(0, place, length).copy_(at::arange(length, at::kLong));
      numbers[index].narrow(0, place, length).fill_(static_cast<int64_t>(i) + 1);
      place += length;
    }
  }
  batch.tensors[name] = generated * numbers.gt(0);
  batch.tensors[name + "_position"] = positions;
  batch.tensors[name + "_segmentation"] = numbers;
}

FingerprintCase packed(int64_t vocabulary) {
  Batch batch;
  add_packed_side(batch, "inputs", words(1001, vocabulary), {{6, 7}, {10}});
  add_packed_side(batch, "targets", words(1002, vocabulary), {{8, 6}, {16}});
  return finished("packed", batch);
}

}  // namespace

std::vector<FingerprintCase> wmt_fingerprint_cases(int64_t vocabulary) {
  return {unpacked(vocabulary), packed(vocabulary)};
}

}  // namespace timetrial
