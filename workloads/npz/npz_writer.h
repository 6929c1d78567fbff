#pragma once

// Arrays into a .npz file that numpy.load and NpzFile read. The same arrays give the same bytes
// (zip_writer.h).

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "workloads/npz/npy_type.h"
#include "workloads/npz/zip_writer.h"

namespace timetrial {

// Of one thread. The file stands under its name once finish() has returned; without it nothing remains.
// Throws UserError when it cannot be written.
class NpzWriter {
 public:
  explicit NpzWriter(std::filesystem::path file, ZipMethod method = ZipMethod::deflated,
                     ZipLimits limits = {});

  // Adds an array in C's order (last index fastest); an empty shape is a single value. std::logic_error for a
  // name that was added before or is no UTF-8 text, for more than 64 dimensions, and when `shape` has another
  // number of values than `values`.
  template <NpyValue Value>
  void add(const std::string& name, const std::vector<int64_t>& shape, std::span<const Value> values);
  template <NpyValue Value>
  void add(const std::string& name, const std::vector<int64_t>& shape, const std::vector<Value>& values) {
    add(name, shape, std::span<const Value>(values));
  }

  // The last call.
  void finish();

 private:
  void add_bytes(const std::string& name, NpyType type, const std::vector<int64_t>& shape,
                 std::string_view values);

  ZipWriter archive_;
  ZipMethod method_;
};

template <NpyValue Value>
void NpzWriter::add(const std::string& name, const std::vector<int64_t>& shape,
                    std::span<const Value> values) {
  add_bytes(name, npy_type_of<Value>(), shape,
            {reinterpret_cast<const char*>(values.data()), values.size_bytes()});
}

}  // namespace timetrial
