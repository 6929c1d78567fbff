#include "workloads/npz/npy_header.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "harness/errors/user_error.h"
#include "workloads/npz/npz_cures.h"
#include "workloads/npz/quoted_bytes.h"
#include "workloads/npz/zip_records.h"

namespace timetrial {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr size_t kMostHeaderBytes = size_t{1} << 20;
constexpr size_t kMostDimensions = 64;  // NumPy's own limit
constexpr size_t kAlignment = 64;
constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

size_t preamble_bytes(std::string_view header) {
  return header[kMagic.size()] == 1 ? 10 : 12;
}

// Parses the dictionary: what NumPy writes, with the freedom Python leaves in spaces, quotes and order.
class DictionaryParser {
 public:
  DictionaryParser(std::string_view header, const std::string& where)
      : header_(header), where_(where), at_(preamble_bytes(header)) {}

  NpyHeader parse() {
    NpyHeader result;
    result.header_bytes = header_.size();
    bool descr = false, order = false, shape = false;
    expect('{');
    while (!accept('}')) {
      const size_t start = at_;
      const std::string_view key = text();
      expect(':');
      if (key == "descr" && !descr) {
        result.type = type();
        descr = true;
      } else if (key == "fortran_order" && !order) {
        result.fortran_order = truth();
        order = true;
      } else if (key == "shape" && !shape) {
        result.shape = numbers();
        shape = true;
      } else {
        at_ = start;
        fail("the header of the array has a key too many", quoted_bytes(key));
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    if (!descr || !order || !shape) {
      fail("the header of the array lacks one of descr, fortran_order and shape", "");
    }
    skip_spaces();
    if (header_.substr(at_) != "\n") {
      fail("the header of the array does not end with a line feed behind its dictionary", here());
    }
    require_countable(result);
    return result;
  }

 private:
  [[noreturn]] void fail(const std::string& what, const std::string& value) const {
    throw UserError({what, where_ + ", byte " + std::to_string(at_), value, kWriteByNumpy});
  }

  std::string here() const {
    return at_ < header_.size() ? quoted_bytes(header_.substr(at_, 16)) : "the end of the header";
  }

  void skip_spaces() {
    while (at_ < header_.size() && header_[at_] == ' ') ++at_;
  }

  bool accept(char wanted) {
    skip_spaces();
    if (at_ >= header_.size() || header_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  void expect(char wanted) {
    if (!accept(wanted)) fail(std::string("'") + wanted + "' is expected in the header of the array", here());
  }

  // Without escapes: no key or type that we take has any.
  std::string_view text() {
    const bool single = accept('\'');
    if (!single && !accept('"')) fail("a text in quotes is expected in the header of the array", here());
    const size_t end = header_.find(single ? '\'' : '"', at_);
    if (end == std::string_view::npos) fail("a text in the header of the array does not end", here());
    const std::string_view found = header_.substr(at_, end - at_);
    at_ = end + 1;
    return found;
  }

  NpyType type() {
    skip_spaces();
    const size_t start = at_;
    if (at_ < header_.size() && (header_[at_] == '[' || header_[at_] == '(' || header_[at_] == '{')) {
      throw UserError({"the array has a structured type", where_ + ", byte " + std::to_string(at_), here(),
                       "save each field as an array of its own"});
    }
    const std::string_view descr = text();
    return parse_npy_descr(descr, where_ + ", byte " + std::to_string(start));
  }

  bool truth() {
    skip_spaces();
    for (const bool value : {false, true}) {
      const std::string_view word = value ? "True" : "False";
      if (header_.substr(at_, word.size()) != word) continue;
      at_ += word.size();
      return value;
    }
    fail("fortran_order is neither True nor False", here());
  }

  // A tuple: (), (1,), (1, 2).
  std::vector<int64_t> numbers() {
    std::vector<int64_t> found;
    expect('(');
    bool comma = true;
    while (!accept(')')) {
      if (!comma) fail("',' or ')' is expected in the shape of the array", here());
      if (found.size() == kMostDimensions) {
        fail("the array has more than " + std::to_string(kMostDimensions) + " dimensions", "");
      }
      found.push_back(number());
      comma = accept(',');
    }
    if (found.size() == 1 && !comma) fail("the shape of the array is a number instead of a tuple", "");
    return found;
  }

  int64_t number() {
    skip_spaces();
    const size_t start = at_;
    int64_t value = 0;
    for (; at_ < header_.size() && header_[at_] >= '0' && header_[at_] <= '9'; ++at_) {
      const int64_t digit = header_[at_] - '0';
      if (value > (kMost - digit) / 10) fail("a dimension of the array is too large", number_text(start));
      value = value * 10 + digit;
    }
    if (at_ == start) fail("a dimension of the array is no number from 0 on", here());
    // Python has no other numbers that start with 0.
    if (header_[start] == '0' && at_ - start > 1) {
      fail("a dimension of the array starts with 0", number_text(start));
    }
    // NumPy under Python 2 wrote its long integers so.
    if (at_ < header_.size() && header_[at_] == 'L') ++at_;
    return value;
  }

  std::string number_text(size_t start) const { return quoted_bytes(header_.substr(start, 24)); }

  // Also for an array without values: the bytes of a row of it are still asked for.
  void require_countable(const NpyHeader& header) const {
    int64_t most = kMost / static_cast<int64_t>(npy_type_bytes(header.type));
    for (const int64_t size : header.shape) {
      if (size == 0) continue;
      if (size > most) fail("the shape of the array has more values than there can be", shape_text(header));
      most /= size;
    }
  }

  static std::string shape_text(const NpyHeader& header) {
    std::string text;
    for (const int64_t size : header.shape) text += (text.empty() ? "" : ", ") + std::to_string(size);
    return "(" + text + ")";
  }

  std::string_view header_;
  const std::string& where_;
  size_t at_;
};

}  // namespace

int64_t NpyHeader::values() const {
  int64_t count = 1;
  // A zero anywhere: otherwise the product of the others could overflow on the way.
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return 0;
  for (const int64_t size : shape) count *= size;
  return count;
}

bool NpyHeader::is_transposed() const {
  const auto wide = std::count_if(shape.begin(), shape.end(), [](int64_t size) { return size > 1; });
  return fortran_order && wide > 1 && values() > 0;
}

size_t npy_header_bytes(std::string_view preamble, const std::string& where) {
  if (preamble.size() < kNpyPreambleBytes)
    throw std::logic_error("a preamble of " + std::to_string(preamble.size()));
  if (preamble.substr(0, kMagic.size()) != kMagic) {
    const bool pickle = preamble[0] == '\x80';
    throw UserError({pickle ? "the entry is a pickle of Python, which may run any code, instead of an array"
                            : "the entry does not start with \\x93NUMPY: it is no array of NumPy",
                     where + ", byte 0", quoted_bytes(preamble.substr(0, kMagic.size())), kWriteByNumpy});
  }
  const int major = static_cast<uint8_t>(preamble[kMagic.size()]);
  const int minor = static_cast<uint8_t>(preamble[kMagic.size() + 1]);
  if (major < 1 || major > 3 || minor != 0) {
    throw UserError({"the version of the array's header is none of 1.0, 2.0 and 3.0", where + ", byte 6",
                     std::to_string(major) + "." + std::to_string(minor), kWriteByNumpy});
  }
  const size_t length =
      major == 1 ? little_endian_at<uint16_t>(preamble, 8) : little_endian_at<uint32_t>(preamble, 8);
  if (length > kMostHeaderBytes) {
    throw UserError({"the header of the array is longer than " + std::to_string(kMostHeaderBytes) + " bytes",
                     where + ", byte 8", std::to_string(length), kWriteByNumpy});
  }
  const size_t total = preamble_bytes(preamble) + length;
  if (total < kNpyPreambleBytes) {
    throw UserError({"the header of the array is too short for a dictionary", where + ", byte 8",
                     std::to_string(length) + " bytes", kWriteByNumpy});
  }
  return total;
}

NpyHeader parse_npy_header(std::string_view header, const std::string& where) {
  if (header.size() < kNpyPreambleBytes || npy_header_bytes(header, where) != header.size()) {
    throw std::logic_error("the header is not cut to its length");
  }
  return DictionaryParser(header, where).parse();
}

std::string npy_header_text(NpyType type, std::span<const int64_t> shape) {
  std::string dictionary =
      "{'descr': '" + std::string(npy_descr(type)) + "', 'fortran_order': False, 'shape': (";
  for (size_t i = 0; i < shape.size(); ++i) {
    dictionary += (i > 0 ? " " : "") + std::to_string(shape[i]);
    if (i + 1 < shape.size() || i == 0) dictionary += ",";
  }
  dictionary += "), }";
  // Always shorter than version 1 allows: 64 dimensions of 20 characters.
  const size_t used = kMagic.size() + 4 + dictionary.size() + 1;
  dictionary.append((kAlignment - used % kAlignment) % kAlignment, ' ');
  dictionary += '\n';
  std::string header(kMagic);
  header += '\x01';
  header += '\0';
  append_little_endian(header, static_cast<uint16_t>(dictionary.size()));
  return header + dictionary;
}

}  // namespace timetrial
