#pragma once

// Which images a split has: a text file with a first line of its own, a line "/CLASS" for every class folder
// and below it a line for each of its files, both sorted by bytes (class folders of the test split by
// number).

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace timetrial {

class ImageIndex {
 public:
  ImageIndex() = default;

  int64_t count() const { return static_cast<int64_t>(files_.size()); }
  int64_t classes() const { return static_cast<int64_t>(classes_.size()); }
  int64_t label(int64_t image) const { return files_[static_cast<size_t>(image)].label; }
  std::string_view class_name(int64_t label) const {
    return line(classes_[static_cast<size_t>(label)]).substr(1);
  }
  std::string_view file_name(int64_t image) const { return line(files_[static_cast<size_t>(image)].begin); }
  std::vector<std::string> class_names() const;

  // What is written to the index file, and its CRC-32 as 8 hexadecimal digits: the identity of the split.
  const std::string& text() const { return text_; }
  std::string digest() const;

  // Throws UserError for a text that is no index, with the line.
  static ImageIndex parse(std::string text, const std::string& source);

 private:
  struct File {
    uint32_t begin;  // of its line in the text
    uint32_t label;
  };

  std::string_view line(uint32_t begin) const;

  std::string text_;
  std::vector<uint32_t> classes_;
  std::vector<File> files_;
};

enum class ClassFolders { names, numbers };

// Lists the class folders of `folder`. Files whose names start with a dot are passed over; a file that does
// not end in .jpg, .jpeg or .png (of any case) is an error, as is a folder without images or a stray file.
// The label of a class is its place in `classes` (names), or its number (numbers); an empty `classes` takes
// the folders as they are. Throws UserError for a class that is unknown or missing.
ImageIndex list_images(const std::filesystem::path& folder, ClassFolders kind,
                       const std::vector<std::string>& classes);

}  // namespace timetrial
