#include "workloads/npz/npz_writer.h"

#include <array>
#include <stdexcept>

#include "workloads/npz/npy_header.h"

namespace timetrial {

NpzWriter::NpzWriter(std::filesystem::path file, ZipMethod method, ZipLimits limits)
    : archive_(std::move(file), limits), method_(method) {}

void NpzWriter::add_bytes(const std::string& name, NpyType type, const std::vector<int64_t>& shape,
                          std::string_view values) {
  // What the reader would refuse is not written: the header goes through it first.
  const std::string header = npy_header_text(type, shape);
  const NpyHeader read_back = [&] {
    try {
      return parse_npy_header(header, name);
    } catch (const std::exception& error) {
      throw std::logic_error("no array of NumPy's: " + std::string(error.what()));
    }
  }();
  if (read_back.value_bytes() != values.size()) {
    throw std::logic_error("array " + name + ": its shape has " + std::to_string(read_back.value_bytes()) +
                           " bytes, its values have " + std::to_string(values.size()));
  }
  archive_.add(name + ".npy", method_, std::array<std::string_view, 2>{header, values});
}

void NpzWriter::finish() {
  archive_.finish();
}

}  // namespace timetrial
