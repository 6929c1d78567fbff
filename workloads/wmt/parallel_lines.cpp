#include "workloads/wmt/parallel_lines.h"

#include <string_view>
#include <utility>

#include "harness/errors/user_error.h"
#include "harness/text/utf8.h"

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
  if (is_utf8(line)) return;
  throw UserError({"the line is not UTF-8", name + ", line " + std::to_string(number), "",
                   "convert the file to UTF-8 (iconv), or copy it again"});
}

}  // namespace

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
