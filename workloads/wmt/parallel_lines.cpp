#include "workloads/wmt/parallel_lines.h"

#include <string_view>
#include <utility>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

bool read_line(std::istream& stream, std::string& line) {
  if (!std::getline(stream, line)) return false;
  if (line.ends_with('\r')) line.pop_back();
  return true;
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r\f\v") == std::string_view::npos;
}

void check_text(const std::string& line, const std::string& name, int64_t number) {
  if (is_utf8_text(line)) return;
  throw UserError({"the line is not UTF-8", name + ", line " + std::to_string(number), "",
                   "convert the file to UTF-8 (iconv), or copy it again"});
}

// Length of the character that starts with this byte, 0 when none does.
size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

// The second byte is bound more narrowly after some first ones: overlong forms, surrogates, beyond U+10FFFF.
bool second_fits(unsigned char lead, unsigned char second) {
  const unsigned char lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  return second >= lowest && second <= highest;
}

}  // namespace

bool is_utf8_text(std::string_view bytes) {
  for (size_t i = 0; i < bytes.size();) {
    const auto byte = [&](size_t offset) { return static_cast<unsigned char>(bytes[i + offset]); };
    const size_t length = sequence_length(byte(0));
    if (length == 0 || length > bytes.size() - i) return false;
    if (length > 1 && !second_fits(byte(0), byte(1))) return false;
    for (size_t offset = 2; offset < length; ++offset) {
      if ((byte(offset) & 0xC0) != 0x80) return false;
    }
    i += length;
  }
  return true;
}

ParallelLines::ParallelLines(std::istream& source, std::istream& target, std::string source_name,
                             std::string target_name)
    : source_(source),
      target_(target),
      source_name_(std::move(source_name)),
      target_name_(std::move(target_name)) {}

std::optional<SentencePair> ParallelLines::next() {
  SentencePair pair;
  for (;;) {
    const bool source = read_line(source_, pair.source);
    const bool target = read_line(target_, pair.target);
    if (!source && !target) return std::nullopt;
    if (source != target) {
      throw UserError({"the text ends before the one that it is the translation of, " +
                           (source ? source_name_ : target_name_),
                       source ? target_name_ : source_name_, std::to_string(lines_) + " lines",
                       "both files need the same number of lines: copy both again"});
    }
    ++lines_;
    check_text(pair.source, source_name_, lines_);
    check_text(pair.target, target_name_, lines_);
    if (!is_blank(pair.source) && !is_blank(pair.target)) return pair;
    ++skipped_;
  }
}

}  // namespace timetrial
