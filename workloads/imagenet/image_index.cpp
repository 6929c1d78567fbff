#include "workloads/imagenet/image_index.h"

#include <cstdio>

#include <zlib.h>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

constexpr std::string_view kFirstLine = "timetrial image index 1";

UserError damaged(const std::string& source, size_t line, const std::string& what) {
  return UserError({what, source + ", line " + std::to_string(line), "",
                    "delete this file and run `timetrial prepare` again"});
}

}  // namespace

std::string_view ImageIndex::line(uint32_t begin) const {
  const std::string_view rest = std::string_view(text_).substr(begin);
  return rest.substr(0, rest.find('\n'));
}

std::vector<std::string> ImageIndex::class_names() const {
  std::vector<std::string> names;
  for (int64_t label = 0; label < classes(); ++label) names.emplace_back(class_name(label));
  return names;
}

std::string ImageIndex::digest() const {
  char text[9];
  std::snprintf(text, sizeof(text), "%08lx",
                crc32_z(0, reinterpret_cast<const Bytef*>(text_.data()), text_.size()));
  return text;
}

ImageIndex ImageIndex::parse(std::string text, const std::string& source) {
  ImageIndex index;
  index.text_ = std::move(text);
  const std::string_view all = index.text_;
  if (all.size() > UINT32_MAX) throw damaged(source, 1, "the index is larger than 4 GiB");
  size_t number = 0;
  for (size_t begin = 0; begin < all.size(); ++number) {
    const size_t end = all.find('\n', begin);
    if (end == std::string_view::npos) throw damaged(source, number + 1, "the index ends inside a line");
    const std::string_view line = all.substr(begin, end - begin);
    const auto at = static_cast<uint32_t>(begin);
    begin = end + 1;
    if (number == 0) {
      if (line != kFirstLine) throw damaged(source, 1, "this is no index of images");
    } else if (line.empty() || line == "/") {
      throw damaged(source, number + 1, "a name is missing");
    } else if (line.front() == '/') {
      index.classes_.push_back(at);
    } else if (index.classes_.empty()) {
      throw damaged(source, number + 1, "a file stands before the first class");
    } else {
      index.files_.push_back({at, static_cast<uint32_t>(index.classes_.size() - 1)});
    }
  }
  if (number == 0) throw damaged(source, 1, "the index is empty");
  return index;
}

ImageIndex ImageIndex::of(const std::vector<ClassFiles>& classes) {
  std::string text(kFirstLine);
  text += '\n';
  for (const ClassFiles& one : classes) {
    text += "/" + one.name + "\n";
    for (const std::string& file : one.files) text += file + "\n";
  }
  return parse(std::move(text), "index");
}

}  // namespace timetrial
