#include "workloads/npz/npz_file.h"

#include <algorithm>
#include <new>
#include <stdexcept>

#include "harness/errors/user_error.h"
#include "workloads/npz/npz_cures.h"
#include "workloads/npz/quoted_bytes.h"
#include "workloads/npz/zip_entry_reader.h"

namespace timetrial {
namespace {

constexpr std::string_view kEnding = ".npy";

bool is_array(std::string_view entry) {
  return entry.size() >= kEnding.size() && entry.substr(entry.size() - kEnding.size()) == kEnding;
}

std::span<char> as_chars(auto& values) {
  return {reinterpret_cast<char*>(values.data()), values.size() * sizeof(values[0])};
}

// An array of a file whose header is read and whose values come next.
class OpenArray {
 public:
  OpenArray(const ZipArchive& archive, std::string_view name)
      : entry_(entry_of(archive, name)),
        where_(archive.source().name() + ", entry " + quoted_bytes(entry_.name)),
        reader_(archive, entry_) {
    std::string header(kNpyPreambleBytes, '\0');
    reader_.read(header);
    const size_t header_bytes = npy_header_bytes(header, where_);
    if (header_bytes > entry_.bytes) {
      fail("the entry ends before the array's header does", 0,
           std::to_string(header_bytes) + " bytes of header, " + std::to_string(entry_.bytes) + " in all");
    }
    header.resize(header_bytes);
    reader_.read(std::span(header).subspan(kNpyPreambleBytes));
    header_ = parse_npy_header(header, where_);
    if (header_.value_bytes() != reader_.bytes_left()) {
      fail("the entry does not hold the " + std::to_string(header_.value_bytes()) +
               " bytes of values that the array's header declares",
           header_bytes, std::to_string(reader_.bytes_left()) + " bytes");
    }
  }

  const NpyHeader& header() const { return header_; }
  ZipEntryReader& values() { return reader_; }

  void require_type(NpyType type) const {
    if (header_.type == type) return;
    const std::string wanted(npy_type_name(type));
    fail("the array is not of type " + wanted, 0, std::string(npy_type_name(header_.type)),
         "save it by array.astype(numpy." + wanted + ")");
  }

  [[noreturn]] void fail(const std::string& what, uint64_t byte, const std::string& value,
                         const std::string& cure = kWriteByNumpy) const {
    throw UserError({what, where_ + ", byte " + std::to_string(byte), value, cure});
  }

 private:
  static const ZipEntry& entry_of(const ZipArchive& archive, std::string_view name) {
    const ZipEntry* entry = archive.find(std::string(name) + std::string(kEnding));
    if (entry != nullptr) return *entry;
    constexpr size_t kMostNames = 8;
    std::string names;
    size_t arrays = 0;
    for (const ZipEntry& other : archive.entries()) {
      if (!is_array(other.name) || ++arrays > kMostNames) continue;
      names += (names.empty() ? "" : ", ") +
               quoted_bytes(std::string_view(other.name).substr(0, other.name.size() - kEnding.size()));
    }
    if (arrays > kMostNames) names += ", ...";
    throw UserError({"there is no array " + quoted_bytes(name), archive.source().name(),
                     arrays == 0 ? "no array at all" : names,
                     "check that this is the right file, and its version"});
  }

  const ZipEntry& entry_;
  std::string where_;
  ZipEntryReader reader_;
  NpyHeader header_;
};

template <typename Value>
std::vector<Value> make_values(size_t count, const OpenArray& array) {
  try {
    return std::vector<Value>(count);
  } catch (const std::exception&) {  // bad_alloc or length_error
    array.fail("the memory for the array cannot be had", 0, std::to_string(count * sizeof(Value)) + " bytes",
               "free memory, or use a machine with more");
  }
}

// From first index fastest to last index fastest: walks through the result and keeps the place in `values`.
template <typename Value>
std::vector<Value> in_c_order(const std::vector<Value>& values, const std::vector<int64_t>& shape,
                              std::vector<Value> result) {
  std::vector<int64_t> index(shape.size(), 0), stride(shape.size(), 1);
  for (size_t i = 1; i < shape.size(); ++i) stride[i] = stride[i - 1] * shape[i - 1];
  int64_t place = 0;
  for (Value& value : result) {
    value = values[static_cast<size_t>(place)];
    for (size_t i = shape.size(); i-- > 0;) {
      place += stride[i];
      if (++index[i] < shape[i]) break;
      place -= stride[i] * shape[i];
      index[i] = 0;
    }
  }
  return result;
}

}  // namespace

NpzFile::NpzFile(const std::filesystem::path& file) : NpzFile(open_byte_source(file)) {}

NpzFile::NpzFile(std::unique_ptr<ByteSource> source) : archive_(std::move(source)) {}

std::vector<std::string> NpzFile::names() const {
  std::vector<std::string> names;
  for (const ZipEntry& entry : archive_.entries()) {
    if (is_array(entry.name)) names.push_back(entry.name.substr(0, entry.name.size() - kEnding.size()));
  }
  return names;
}

bool NpzFile::contains(std::string_view name) const {
  return archive_.find(std::string(name) + std::string(kEnding)) != nullptr;
}

NpyHeader NpzFile::header(std::string_view name) const {
  return OpenArray(archive_, name).header();
}

template <NpyValue Value>
std::vector<Value> NpzFile::read(std::string_view name) const {
  OpenArray array(archive_, name);
  array.require_type(npy_type_of<Value>());
  const auto count = static_cast<size_t>(array.header().values());
  std::vector<Value> values = make_values<Value>(count, array);
  array.values().read(as_chars(values));
  if (!array.header().is_transposed()) return values;
  return in_c_order(values, array.header().shape, make_values<Value>(count, array));
}

template <NpyValue Value>
void NpzFile::read_rows(std::string_view name, int64_t rows_per_block,
                        const std::function<void(int64_t, std::span<const Value>)>& take) const {
  if (rows_per_block < 1) throw std::logic_error("blocks of " + std::to_string(rows_per_block) + " rows");
  OpenArray array(archive_, name);
  array.require_type(npy_type_of<Value>());
  const NpyHeader& header = array.header();
  if (header.shape.empty()) {
    array.fail("the array is a single value and has no rows", 0, "shape ()", "save it with one dimension");
  }
  if (header.is_transposed()) {
    array.fail("the array lies in Fortran's order, so its rows cannot be read one after another", 0, "",
               "save it by numpy.ascontiguousarray(array)");
  }
  if (header.values() == 0) {
    array.values().read({});  // checks the CRC-32
    return;
  }
  const int64_t rows = header.shape.front();
  const int64_t row_values = header.values() / rows;
  const int64_t most_rows = std::min(rows, rows_per_block);
  std::vector<Value> block = make_values<Value>(static_cast<size_t>(most_rows * row_values), array);
  for (int64_t first = 0; first < rows; first += most_rows) {
    block.resize(static_cast<size_t>(std::min(most_rows, rows - first) * row_values));
    array.values().read(as_chars(block));
    take(first, block);
  }
}

#define TIMETRIAL_READS(Value)                                              \
  template std::vector<Value> NpzFile::read<Value>(std::string_view) const; \
  template void NpzFile::read_rows<Value>(                                  \
      std::string_view, int64_t, const std::function<void(int64_t, std::span<const Value>)>&) const;
TIMETRIAL_READS(float)
TIMETRIAL_READS(double)
TIMETRIAL_READS(int32_t)
TIMETRIAL_READS(int64_t)
TIMETRIAL_READS(int8_t)
TIMETRIAL_READS(uint8_t)
#undef TIMETRIAL_READS

}  // namespace timetrial
