#include "workloads/finewebedu_lm/pre_tokens.h"

#include <array>
#include <stdexcept>

#include "harness/text/utf8.h"
#include "workloads/finewebedu_lm/character_class.h"

namespace timetrial {
namespace {

struct Character {
  CharacterClass kind;
  size_t bytes;
};

Character first_character(std::string_view text) {
  const auto bytes = static_cast<size_t>(utf8_character_bytes(text));
  if (bytes == 0) throw std::logic_error("pre_token_bytes: the text is not UTF-8");
  constexpr std::array<uint32_t, 5> kLeadingBits = {0, 0x7F, 0x1F, 0x0F, 0x07};
  uint32_t value = static_cast<uint8_t>(text[0]) & kLeadingBits[bytes];
  for (size_t i = 1; i < bytes; ++i) value = value << 6 | (static_cast<uint8_t>(text[i]) & 0x3FU);
  return {character_class(value), bytes};
}

// Bytes of the characters of one kind from `begin` on; `last` becomes the bytes of the last of them.
size_t run_bytes(std::string_view text, size_t begin, CharacterClass kind, size_t& last) {
  size_t end = begin;
  while (end < text.size()) {
    const Character character = first_character(text.substr(end));
    if (character.kind != kind) break;
    last = character.bytes;
    end += last;
  }
  return end - begin;
}

}  // namespace

size_t pre_token_bytes(std::string_view text) {
  for (const std::string_view contraction : {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"}) {
    if (text.starts_with(contraction)) return contraction.size();
  }
  size_t last = 0;
  const size_t blank = text[0] == ' ' ? 1 : 0;
  if (blank < text.size()) {
    const CharacterClass kind = first_character(text.substr(blank)).kind;
    if (kind != CharacterClass::space) return blank + run_bytes(text, blank, kind, last);
  }
  const size_t spaces = run_bytes(text, 0, CharacterClass::space, last);
  // The last space before something goes with it, or stands alone when it is not a blank.
  return spaces < text.size() && spaces > last ? spaces - last : spaces;
}

}  // namespace timetrial
