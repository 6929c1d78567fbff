#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>

namespace timetrial {

struct SentencePair {
  std::string source;
  std::string target;
};

// Reads two texts line by line, in step. Lines end in \n or \r\n; the last one may go without. Pairs of which
// one side is empty (or white space) are skipped and counted.
class ParallelLines {
 public:
  // The streams outlive this; the names are for errors.
  ParallelLines(std::istream& source, std::istream& target, std::string source_name, std::string target_name);

  // The next pair, none at the end. Throws UserError, naming file and line, for bytes that are no UTF-8 and
  // when one text ends before the other.
  std::optional<SentencePair> next();

  int64_t lines() const { return lines_; }      // of each text, so far
  int64_t skipped() const { return skipped_; }  // pairs, of these

 private:
  std::istream& source_;
  std::istream& target_;
  std::string source_name_;
  std::string target_name_;
  int64_t lines_ = 0;
  int64_t skipped_ = 0;
};

}  // namespace timetrial
