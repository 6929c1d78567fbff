#pragma once

// The recorded prompts of the Asterisk telephone exchange (Allison Smith, CC-BY-SA-3.0) as Debian packages
// them: what each says, and which of them are held out. Pure functions.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace timetrial {

struct Prompt {
  std::string name;        // "digits/1": the file is <name>.g722
  std::string transcript;  // as in LibriSpeech: A-Z, apostrophe, single spaces
};

// Words as they are spoken: upper case, punctuation dropped, single digits written out, what stands in
// brackets left out. Empty when that cannot be told: larger numbers, letters mixed with digits, other signs.
std::string spoken_words(std::string_view text);

// The lines "name: text" of core-sounds-en.txt, without those that say nothing or cannot be told. A line that
// starts with ";" is a comment.
std::vector<Prompt> parse_prompts(std::string_view text);

struct PromptSplits {
  std::vector<Prompt> train;
  std::vector<Prompt> validation;
  std::vector<Prompt> test;
};

// Holds out `held_out` groups of prompts for each of validation and test, a group being all that say the
// same, so that nothing held out is said in training. A group is only held out while each of its words stays
// in four groups of the training part: so small a corpus cannot teach words that it hardly says. Which ones,
// and the order of all, depends on nothing but the transcripts.
PromptSplits split_prompts(std::vector<Prompt> prompts, size_t held_out);

}  // namespace timetrial
