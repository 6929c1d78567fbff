#include "workloads/metrics/bleu_tokens.h"

#include <cstddef>

namespace timetrial {
namespace {

constexpr std::string_view kSymbols = " !\"#$%&()*+/:;<=>?@[\\]^_`{|}~";

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_period_or_comma(char c) {
  return c == '.' || c == ',';
}

// Bytes of the white space character that starts at `text`, 0 when another one does.
size_t white_space(std::string_view text) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned first = byte(0);
  if (first == ' ' || (first >= 0x09 && first <= 0x0D) || (first >= 0x1C && first <= 0x1F)) return 1;
  if (first == 0xC2 && (byte(1) == 0x85 || byte(1) == 0xA0)) return 2;
  const unsigned rest = byte(1) << 8 | byte(2);
  const bool three = (first == 0xE1 && rest == 0x9A80) ||                      // Ogham space
                     (first == 0xE2 && rest >= 0x8080 && rest <= 0x808A) ||    // en quad … hair space
                     (first == 0xE2 && (rest == 0x80A8 || rest == 0x80A9)) ||  // line, paragraph separator
                     (first == 0xE2 && (rest == 0x80AF || rest == 0x819F)) ||  // narrow, mathematical
                     (first == 0xE3 && rest == 0x8080);                        // ideographic
  return three ? 3 : 0;
}

std::string_view without_trailing_space(std::string_view text) {
  for (size_t length = 1; length <= 3 && length <= text.size();) {
    if (white_space(text.substr(text.size() - length)) == length) {
      text.remove_suffix(length);
      length = 1;
    } else {
      ++length;
    }
  }
  return text;
}

std::string spaced_symbols(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (kSymbols.find(c) == std::string_view::npos) {
      out += c;
    } else {
      out.append({' ', c, ' '});
    }
  }
  return out;
}

// Goes through pairs of neighbours from the left; a pair that `matches` is rewritten and passed over whole,
// so that its second character starts no pair.
template <typename Matches, typename Rewrite>
std::string rewritten_pairs(std::string_view text, const Matches& matches, const Rewrite& rewrite) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i + 1 < text.size() && matches(text[i], text[i + 1])) {
      rewrite(out, text[i], text[i + 1]);
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string spaced_punctuation(std::string text) {
  const auto space_around_second = [](std::string& out, char a, char b) { out.append({a, ' ', b, ' '}); };
  const auto space_around_first = [](std::string& out, char a, char b) { out.append({' ', a, ' ', b}); };
  text = rewritten_pairs(
      text, [](char a, char b) { return !is_digit(a) && is_period_or_comma(b); }, space_around_second);
  text = rewritten_pairs(
      text, [](char a, char b) { return is_period_or_comma(a) && !is_digit(b); }, space_around_first);
  return rewritten_pairs(
      text, [](char a, char b) { return is_digit(a) && b == '-'; }, space_around_second);
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> tokens;
  std::string token;
  for (size_t i = 0; i < text.size();) {
    const size_t space = white_space(text.substr(i));
    if (space == 0) {
      token += text[i++];
      continue;
    }
    if (!token.empty()) tokens.push_back(std::move(token));
    token.clear();
    i += space;
  }
  if (!token.empty()) tokens.push_back(std::move(token));
  return tokens;
}

}  // namespace

std::vector<std::string> bleu_tokens(std::string_view sentence) {
  std::string text(without_trailing_space(sentence));
  replace_all(text, "<skipped>", "");
  replace_all(text, "-\n", "");
  replace_all(text, "\n", " ");
  replace_all(text, "&quot;", "\"");
  replace_all(text, "&amp;", "&");
  replace_all(text, "&lt;", "<");
  replace_all(text, "&gt;", ">");
  return split(spaced_punctuation(spaced_symbols(" " + text + " ")));
}

}  // namespace timetrial
