#pragma once

// Which node of a graph made what a tensor shows. A value is known by its memory and where in it a tensor
// lies, not by the tensor object: views, detached copies and tensors that autograd unpacks show the same
// value without any operation being recorded. What is written through one tensor is seen through all that
// share the memory.
//
// Keeps every memory that it has met, so that none is used a second time while the table lives. One thread at
// a time.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <ATen/core/Tensor.h>

namespace timetrial {

// Where a tensor lies in its memory, in bytes; strides in elements.
struct Place {
  int64_t begin = 0;
  int64_t end = 0;
  at::ScalarType dtype = at::kFloat;
  std::vector<int64_t> sizes;
  std::vector<int64_t> strides;

  bool operator==(const Place&) const = default;
};

Place place_of(const at::Tensor& tensor);

class ValueTable {
 public:
  // How the table asks for nodes that no recorded operation made.
  struct Joints {
    // A tensor met for the first time: an input of the graph.
    std::function<int32_t(const at::Tensor&)> input;
    // What `tensor` shows of a larger or otherwise shaped value.
    std::function<int32_t(const at::Tensor& tensor, int32_t value)> view;
    // `tensor` whose value was `value` until `written` overwrote a part of it.
    std::function<int32_t(const at::Tensor& tensor, int32_t value, int32_t written)> overwritten;
    // `tensor` that was written in pieces, first to last.
    std::function<int32_t(const at::Tensor& tensor, const std::vector<int32_t>& pieces)> joined;
  };

  explicit ValueTable(Joints joints) : joints_(std::move(joints)) {}

  // New memory without a value.
  void allocate(const at::Tensor& tensor);

  // `node` made the whole of `tensor`.
  void write(const at::Tensor& tensor, int32_t node);

  // `tensor` shows memory that has its value already, by `node`, which wrote nothing.
  void show(const at::Tensor& tensor, int32_t node);

  // The node whose output `tensor` is; makes the ones of Joints where needed. Nothing for memory that was
  // allocated here and never written.
  std::optional<int32_t> read(const at::Tensor& tensor);

  // Whether `tensor` has its value from one write, or is new here: reading it needs no overwritten or joined
  // nodes.
  bool is_whole(const at::Tensor& tensor) const;

  // Whether the memory was met before, with a value or without.
  bool knows(const at::Tensor& tensor) const;

  // Number of the last write to the tensor's memory; 0 where it was not written.
  int64_t last_write(const at::Tensor& tensor) const;

 private:
  struct Entry {
    Place place;
    int32_t node;
    bool is_write;
    int64_t time;
  };
  struct Memory {
    c10::Storage storage;        // kept
    at::Tensor sparse;           // instead, of a tensor without memory of its own
    std::vector<Entry> entries;  // in order of time
  };

  static const void* key_of(const at::Tensor& tensor);
  Memory& memory_of(const at::Tensor& tensor);
  // The last entry that holds all of a place, one after its index, and what parts of it were made of since.
  struct Found {
    size_t base = 0;  // 0: none
    std::vector<int32_t> later;
  };
  static Found find(const Place& place, const Memory& memory);

  Joints joints_;
  std::unordered_map<const void*, Memory> memories_;
  int64_t time_ = 0;
};

}  // namespace timetrial
