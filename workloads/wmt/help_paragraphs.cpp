#include "workloads/wmt/help_paragraphs.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace timetrial {
namespace {

constexpr std::string_view kSpace = " \t\r\n\f\v";

struct Tag {
  std::string_view name;
  std::string_view attributes;
  bool closes = false;
};

// What stands between < and >; quoted attributes may hold a >. Returns the length with both, 0 without an
// end.
size_t tag_length(std::string_view html) {
  char quote = 0;
  for (size_t i = 1; i < html.size(); ++i) {
    const char c = html[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return i + 1;
    }
  }
  return 0;
}

Tag parse_tag(std::string_view inside) {
  Tag tag;
  tag.closes = inside.starts_with('/');
  if (tag.closes) inside.remove_prefix(1);
  const size_t end = inside.find_first_of(" \t\r\n/");
  tag.name = inside.substr(0, end);
  if (end != std::string_view::npos) tag.attributes = inside.substr(end);
  return tag;
}

// The value of the attribute "id"; none when the tag has none.
std::optional<std::string_view> id_of(const Tag& tag) {
  constexpr std::string_view kStart = " id=\"";
  const size_t at = tag.attributes.find(kStart);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view value = tag.attributes.substr(at + kStart.size());
  return value.substr(0, value.find('"'));
}

bool is_paragraph(std::string_view name) {
  return name == "p" || (name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6');
}

void append_utf8(std::string& text, uint32_t code) {
  const auto put = [&](uint32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6), put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12), put(0x80 | (code >> 6 & 0x3F)), put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18), put(0x80 | (code >> 12 & 0x3F)), put(0x80 | (code >> 6 & 0x3F)),
        put(0x80 | (code & 0x3F));
  }
}

// The character of an entity without & and ;, 0 for one that is not known.
uint32_t entity(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, uint32_t>, 6> kNamed = {
      {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}, {"nbsp", ' '}}};
  for (const auto& [known, code] : kNamed) {
    if (name == known) return code;
  }
  if (!name.starts_with('#')) return 0;
  const bool hexadecimal = name.starts_with("#x") || name.starts_with("#X");
  const std::string_view digits = name.substr(hexadecimal ? 2 : 1);
  uint32_t code = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), code, hexadecimal ? 16 : 10);
  const bool valid = error == std::errc() && end == digits.data() + digits.size() && code <= 0x10FFFF &&
                     (code < 0xD800 || code > 0xDFFF);
  return valid ? code : 0;
}

std::string resolved(std::string_view text) {
  constexpr size_t kLongestEntity = 10;
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '&') {
      const size_t end = text.substr(i, kLongestEntity).find(';');
      const uint32_t code = end == std::string_view::npos ? 0 : entity(text.substr(i + 1, end - 1));
      if (code != 0) {
        append_utf8(out, code);
        i += end;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

std::string single_spaced(std::string_view text) {
  constexpr std::string_view kNoBreakSpace = "\xC2\xA0";
  std::string out;
  bool space = false;  // since the last character written
  for (size_t i = 0; i < text.size(); ++i) {
    const bool no_break = text.substr(i).starts_with(kNoBreakSpace);
    if (no_break) ++i;
    if (no_break || kSpace.find(text[i]) != std::string_view::npos) {
      space = true;
      continue;
    }
    if (space && !out.empty()) out += ' ';
    space = false;
    out += text[i];
  }
  return out;
}

// The paragraph that is open, and which of its text is shown.
class Paragraph {
 public:
  Paragraph(std::string_view name, std::string_view id) : name_(name), id_(id) {}

  // False when the tag ends the paragraph.
  bool take(const Tag& tag) {
    if (tag.closes && tag.name == name_) return false;
    if (tag.name == "br") text_ += ' ';
    if (tag.name == "span" && !tag.closes) {
      const bool other = tag.attributes.find(" hidden=") != std::string_view::npos &&
                         !id_of(tag).value_or("").starts_with("default");
      hidden_.push_back(other);
    } else if (tag.name == "span" && !hidden_.empty()) {
      hidden_.pop_back();
    }
    return true;
  }

  void take(std::string_view text) {
    for (const bool hidden : hidden_) {
      if (hidden) return;
    }
    text_ += text;
  }

  const std::string& id() const { return id_; }
  std::string text() const { return single_spaced(resolved(text_)); }

 private:
  std::string name_;
  std::string id_;
  std::string text_;
  std::vector<bool> hidden_;  // of each open span
};

}  // namespace

std::map<std::string, std::string> help_paragraphs(std::string_view html) {
  std::map<std::string, std::string> found;
  std::optional<Paragraph> open;
  while (!html.empty()) {
    if (html[0] != '<') {
      const size_t end = std::min(html.find('<'), html.size());
      if (open) open->take(html.substr(0, end));
      html.remove_prefix(end);
      continue;
    }
    const size_t length = tag_length(html);
    if (length == 0) break;
    const Tag tag = parse_tag(html.substr(1, length - 2));
    html.remove_prefix(length);
    if (open) {
      if (open->take(tag)) continue;
      if (std::string text = open->text(); !text.empty()) found[open->id()] = std::move(text);
      open.reset();
    } else if (is_paragraph(tag.name) && !tag.closes) {
      if (const auto id = id_of(tag)) open.emplace(tag.name, *id);
    }
  }
  return found;
}

}  // namespace timetrial
