#pragma once

// Which images a split has: a text file with a first line of its own, a line "/CLASS" for every class folder
// in the order of the class numbers, and below it a line for each of its files.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace timetrial {

struct ClassFiles {
  std::string name;
  std::vector<std::string> files;
};

class ImageIndex {
 public:
  // Throws UserError for a text that is no index, with the line.
  static ImageIndex parse(std::string text, const std::string& source);
  static ImageIndex of(const std::vector<ClassFiles>& classes);

  int64_t count() const { return static_cast<int64_t>(files_.size()); }
  int64_t classes() const { return static_cast<int64_t>(classes_.size()); }
  int64_t label(int64_t image) const { return files_[static_cast<size_t>(image)].label; }
  std::string_view class_name(int64_t label) const {
    return line(classes_[static_cast<size_t>(label)]).substr(1);
  }
  std::string_view file_name(int64_t image) const { return line(files_[static_cast<size_t>(image)].begin); }
  std::vector<std::string> class_names() const;

  // What the index file holds, and its CRC-32 as 8 hexadecimal digits: the identity of the split.
  const std::string& text() const { return text_; }
  std::string digest() const;

 private:
  struct File {
    uint32_t begin;  // of its line in the text
    uint32_t label;
  };

  std::string_view line(uint32_t begin) const;

  std::string text_;
  std::vector<uint32_t> classes_;  // begins of their lines
  std::vector<File> files_;
};

}  // namespace timetrial
