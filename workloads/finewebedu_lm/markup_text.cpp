#include "workloads/finewebedu_lm/markup_text.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>

namespace timetrial {
namespace {

void append_utf8(uint32_t character, std::string& text) {
  const auto tail = [&](int shift) { text += static_cast<char>(0x80 | (character >> shift & 0x3F)); };
  if (character < 0x80) {
    text += static_cast<char>(character);
  } else if (character < 0x800) {
    text += static_cast<char>(0xC0 | character >> 6);
    tail(0);
  } else if (character < 0x10000) {
    text += static_cast<char>(0xE0 | character >> 12);
    tail(6), tail(0);
  } else {
    text += static_cast<char>(0xF0 | character >> 18);
    tail(12), tail(6), tail(0);
  }
}

// What stands between "&" and ";". Unknown names and impossible characters become a space.
void append_reference(std::string_view name, std::string& text) {
  static const std::map<std::string_view, std::string_view> kNames = {
      {"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}};
  if (const auto found = kNames.find(name); found != kNames.end()) {
    text += found->second;
    return;
  }
  uint32_t character = 0;
  if (name.starts_with('#')) {
    const int base = name.size() > 1 && (name[1] == 'x' || name[1] == 'X') ? 16 : 10;
    const std::string_view digits = name.substr(base == 16 ? 2 : 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), character, base);
  }
  const bool possible =
      character > 0xA0 && character < 0x110000 && (character < 0xD800 || character > 0xDFFF);
  if (possible || (character >= 0x20 && character < 0x7F)) {
    append_utf8(character, text);
  } else {
    text += ' ';
  }
}

// "div" of `div class="x"`, `/div` and `div/`.
std::string element_of(std::string_view tag) {
  if (tag.starts_with('/')) tag.remove_prefix(1);
  std::string name;
  for (const char c : tag) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) break;
    name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return name;
}

class Paragraphs {
 public:
  void add(std::string_view text) { current_ += text; }
  std::string& text() { return current_; }

  void end() {
    std::string paragraph;
    bool gap = false;
    for (const char c : current_) {
      if (std::isspace(static_cast<unsigned char>(c)) != 0) {
        gap = !paragraph.empty();
      } else {
        if (gap) paragraph += ' ';
        gap = false;
        paragraph += c;
      }
    }
    if (!paragraph.empty()) all_.push_back(std::move(paragraph));
    current_.clear();
  }

  std::vector<std::string> take() {
    end();
    return std::move(all_);
  }

 private:
  std::string current_;
  std::vector<std::string> all_;
};

}  // namespace

std::vector<std::string> markup_paragraphs(std::string_view markup, const MarkupRules& rules) {
  constexpr size_t kLongestReference = 10;
  Paragraphs paragraphs;
  std::string left_out;  // the element that we are in
  while (!markup.empty()) {
    const size_t plain = std::min(markup.find_first_of("<&"), markup.size());
    if (left_out.empty()) paragraphs.add(markup.substr(0, plain));
    markup.remove_prefix(plain);
    if (markup.empty()) break;
    if (markup[0] == '&') {
      const size_t end = markup.substr(0, kLongestReference).find(';');
      const bool is_reference = end != std::string_view::npos;
      if (left_out.empty()) {
        if (is_reference) {
          append_reference(markup.substr(1, end - 1), paragraphs.text());
        } else {
          paragraphs.add("&");
        }
      }
      markup.remove_prefix(is_reference ? end + 1 : 1);
      continue;
    }
    const size_t end = std::min(markup.find('>'), markup.size());
    const std::string_view tag = markup.substr(1, end - 1);
    markup.remove_prefix(std::min(end + 1, markup.size()));
    const std::string element = element_of(tag);
    if (!left_out.empty()) {
      if (tag.starts_with('/') && element == left_out) left_out.clear();
      continue;
    }
    if (rules.breaks.contains(element)) paragraphs.end();
    if (rules.left_out.contains(element) && !tag.starts_with('/') && !tag.ends_with('/')) left_out = element;
  }
  return paragraphs.take();
}

}  // namespace timetrial
