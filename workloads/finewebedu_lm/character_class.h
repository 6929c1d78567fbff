#pragma once

#include <cstdint>

namespace timetrial {

// What GPT-2's pre-tokenisation asks of a Unicode character.
enum class CharacterClass {
  letter,  // general category L*
  number,  // general category N*
  space,   // property White_Space
  other,
};

CharacterClass character_class(uint32_t character);

}  // namespace timetrial
