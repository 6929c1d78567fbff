#pragma once

// Arrays out of NumPy's .npz files: a ZIP archive (zip_archive.h) whose entries NAME.npy are arrays
// (npy_header.h), as numpy.savez and numpy.savez_compressed write it. Nothing is converted: a caller asks for
// the type that the file holds. All functions may be called from several threads at once.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workloads/npz/npy_header.h"
#include "workloads/npz/zip_archive.h"

namespace timetrial {

class NpzFile {
 public:
  // Opens the file and reads its directory; both throw UserError for what is no sound ZIP archive.
  explicit NpzFile(const std::filesystem::path& file);
  explicit NpzFile(std::unique_ptr<ByteSource> source);

  // Of its arrays, without ".npy", in the order of the archive's directory. Other entries do not count.
  std::vector<std::string> names() const;
  bool contains(std::string_view name) const;

  // Type and shape of one array. The functions from here on throw UserError when there is no such array, for
  // a header that NumPy would not write and for types that npy_type.h does not know, for a shape that does
  // not fit the bytes there are (found before anything is allocated), and for damaged data. The CRC-32 stands
  // for the whole array: of a header alone, or of rows that were handed out before an error, it says nothing.
  NpyHeader header(std::string_view name) const;

  // All values in C's order (last index fastest), whatever the order in the file. Throws UserError also for
  // another type than Value's and when there is too little memory.
  template <NpyValue Value>
  std::vector<Value> read(std::string_view name) const;

  // Hands out the array in blocks of `rows_per_block` entries of the first dimension, the last one shorter:
  // the number of the block's first row, and its values. Holds one block, however large the array. An array
  // without values gives no block. Throws UserError also for another type than Value's, for a single value
  // (it has no rows) and for an array in Fortran's order (its rows are spread over the whole); what `take`
  // throws passes.
  template <NpyValue Value>
  void read_rows(std::string_view name, int64_t rows_per_block,
                 const std::function<void(int64_t first_row, std::span<const Value> values)>& take) const;

 private:
  ZipArchive archive_;
};

}  // namespace timetrial
