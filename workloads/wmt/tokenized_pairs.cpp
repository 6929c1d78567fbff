#include "workloads/wmt/tokenized_pairs.h"

#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <stdexcept>

#include <zlib.h>

#include "harness/errors/user_error.h"
#include "workloads/data/sentence_piece.h"

namespace timetrial {
namespace {

constexpr std::string_view kMagic = "ttpairs1";
constexpr int64_t kMostPieces = 65536;
static_assert(std::endian::native == std::endian::little, "the file is written as it lies in memory");

template <typename Value>
void append(std::string& bytes, const Value* values, size_t count) {
  bytes.append(reinterpret_cast<const char*>(values), count * sizeof(Value));
}

uint32_t crc_of(std::string_view bytes) {
  return static_cast<uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

[[noreturn]] void refuse(const std::string& file, const std::string& what, const std::string& value = "") {
  throw UserError(
      {what, file, value, "delete the file and run `timetrial prepare wmt` again, which makes it anew"});
}

// Takes values off the front.
class Cursor {
 public:
  Cursor(std::string_view bytes, const std::string& file) : left_(bytes), file_(file) {}

  template <typename Value>
  std::vector<Value> take(uint64_t count) {
    if (count > left_.size() / sizeof(Value)) refuse(file_, "the file of sentence pairs is cut off");
    std::vector<Value> values(count);
    if (count > 0) std::memcpy(values.data(), left_.data(), count * sizeof(Value));
    left_.remove_prefix(count * sizeof(Value));
    return values;
  }

  bool empty() const { return left_.empty(); }

 private:
  std::string_view left_;
  const std::string& file_;
};

}  // namespace

TokenizedPairs::TokenizedPairs(int64_t pieces, int64_t longest) : pieces_(pieces), longest_(longest) {
  if (pieces < 1 || pieces > kMostPieces || longest < 1 || longest > std::numeric_limits<uint16_t>::max()) {
    throw std::logic_error("TokenizedPairs: " + std::to_string(pieces) + " pieces, longest " +
                           std::to_string(longest));
  }
}

void TokenizedPairs::add_sentence(Side& side, std::span<const int32_t> sentence) const {
  if (sentence.empty() || static_cast<int64_t>(sentence.size()) > longest_ || sentence.back() != kEndPiece) {
    throw std::logic_error("TokenizedPairs: a sentence of " + std::to_string(sentence.size()) + " tokens");
  }
  for (const int32_t token : sentence) {
    if (token < 0 || token >= pieces_) {
      throw std::logic_error("TokenizedPairs: token " + std::to_string(token));
    }
    side.tokens.push_back(static_cast<uint16_t>(token));
  }
  side.ends.push_back(side.tokens.size());
}

void TokenizedPairs::add(std::span<const int32_t> source, std::span<const int32_t> target) {
  add_sentence(sources_, source);
  add_sentence(targets_, target);
}

std::string TokenizedPairs::bytes() const {
  std::string bytes(kMagic);
  const uint64_t header[] = {static_cast<uint64_t>(pieces_), static_cast<uint64_t>(longest_), count(),
                             sources_.tokens.size(), targets_.tokens.size()};
  append(bytes, header, std::size(header));
  for (const Side* side : {&sources_, &targets_}) {
    uint64_t begin = 0;
    for (const uint64_t end : side->ends) {
      const auto length = static_cast<uint16_t>(end - begin);
      append(bytes, &length, 1);
      begin = end;
    }
  }
  for (const Side* side : {&sources_, &targets_}) append(bytes, side->tokens.data(), side->tokens.size());
  const uint32_t crc = crc_of(bytes);
  append(bytes, &crc, 1);
  return bytes;
}

TokenizedPairs parse_tokenized_pairs(std::string_view bytes, const std::string& file) {
  if (!bytes.starts_with(kMagic)) refuse(file, "this is not a file of sentence pairs");
  uint32_t crc = 0;
  if (bytes.size() < kMagic.size() + sizeof(crc)) refuse(file, "the file of sentence pairs is cut off");
  const std::string_view checked = bytes.substr(0, bytes.size() - sizeof(crc));
  std::memcpy(&crc, bytes.data() + checked.size(), sizeof(crc));
  if (crc != crc_of(checked)) refuse(file, "the file of sentence pairs is damaged: its checksum differs");

  Cursor cursor(checked.substr(kMagic.size()), file);
  const auto header = cursor.take<uint64_t>(5);
  const auto [pieces, longest, pairs, source_tokens, target_tokens] =
      std::array{header[0], header[1], header[2], header[3], header[4]};
  if (pieces < 1 || pieces > static_cast<uint64_t>(kMostPieces) || longest < 1 ||
      longest > std::numeric_limits<uint16_t>::max() || pairs > std::numeric_limits<uint32_t>::max()) {
    refuse(file, "the header of the sentence pairs makes no sense");
  }
  TokenizedPairs result(static_cast<int64_t>(pieces), static_cast<int64_t>(longest));
  for (auto* side : {&result.sources_, &result.targets_}) {
    uint64_t end = 0;
    for (const uint16_t length : cursor.take<uint16_t>(pairs)) {
      if (length < 1 || length > longest) {
        refuse(file, "a sentence is empty or too long", std::to_string(length) + " tokens");
      }
      side->ends.push_back(end += length);
    }
  }
  for (auto [side, count] : {std::pair{&result.sources_, source_tokens}, {&result.targets_, target_tokens}}) {
    if (count != (side->ends.empty() ? 0 : side->ends.back())) {
      refuse(file, "the lengths of the sentences do not add up");
    }
    side->tokens = cursor.take<uint16_t>(count);
    for (const uint16_t token : side->tokens) {
      if (token >= pieces) refuse(file, "a token is not in the vocabulary", std::to_string(token));
    }
    for (const uint64_t end : side->ends) {
      if (side->tokens[end - 1] != kEndPiece) refuse(file, "a sentence has no end");
    }
  }
  if (!cursor.empty()) refuse(file, "the file of sentence pairs goes on after its end");
  return result;
}

}  // namespace timetrial
