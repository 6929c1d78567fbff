#include "workloads/librispeech/asterisk_prompts.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <sstream>

#include "harness/random/split_mix.h"

namespace timetrial {
namespace {

constexpr std::array<const char*, 10> kDigits = {"ZERO", "ONE", "TWO",   "THREE", "FOUR",
                                                 "FIVE", "SIX", "SEVEN", "EIGHT", "NINE"};

constexpr int64_t kGroupsThatTeachAWord = 4;

std::string without_brackets(std::string_view text) {
  std::string kept;
  int depth = 0;
  for (const char c : text) {
    if (c == '(' || c == '[' || c == '<') ++depth;
    if (depth == 0) kept += c;
    if (c == ')' || c == ']' || c == '>') depth = std::max(depth - 1, 0);
  }
  return kept;
}

// Letters and apostrophes as they are, one digit as its name, anything else as nothing.
std::string spoken_word(const std::string& word) {
  if (word.size() == 1 && std::isdigit(static_cast<unsigned char>(word[0])) != 0) {
    return kDigits[static_cast<size_t>(word[0] - '0')];
  }
  const bool letters = std::all_of(word.begin(), word.end(),
                                   [](unsigned char c) { return std::isalpha(c) != 0 || c == '\''; });
  return letters ? word : "";
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::set<std::string> distinct_words(const std::string& text) {
  const auto words = words_of(text);
  return {words.begin(), words.end()};
}

// The same on every machine: FNV-1a, then mixed so that similar texts lie apart.
uint64_t hash_of(const std::string& text) {
  uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001B3ULL;
  return split_mix_bits(hash);
}

using Groups = std::map<std::pair<uint64_t, std::string>, std::vector<Prompt>>;  // by hash and transcript

void append(std::vector<Prompt>& prompts, const std::vector<Prompt>& group) {
  prompts.insert(prompts.end(), group.begin(), group.end());
}

}  // namespace

std::string spoken_words(std::string_view text) {
  constexpr std::string_view kPunctuation = ".,;:!?\"-";
  std::string plain = without_brackets(text);
  for (char& c : plain) {
    if (kPunctuation.find(c) != std::string_view::npos) {
      c = ' ';
    } else {
      c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
  }
  std::string spoken;
  for (const std::string& word : words_of(plain)) {
    const std::string said = spoken_word(word);
    if (said.empty()) return "";
    spoken += (spoken.empty() ? "" : " ") + said;
  }
  return spoken;
}

std::vector<Prompt> parse_prompts(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::vector<Prompt> prompts;
  for (std::string line; std::getline(stream, line);) {
    const size_t colon = line.find(':');
    if (line.starts_with(';') || colon == std::string::npos) continue;
    Prompt prompt{line.substr(0, colon), spoken_words(std::string_view(line).substr(colon + 1))};
    if (!prompt.transcript.empty()) prompts.push_back(std::move(prompt));
  }
  return prompts;
}

PromptSplits split_prompts(std::vector<Prompt> prompts, size_t held_out) {
  Groups groups;
  for (Prompt& prompt : prompts) {
    const std::string& words = prompt.transcript;
    groups[{hash_of(words), words}].push_back(std::move(prompt));
  }
  std::map<std::string, int64_t> groups_with;  // word -> groups of the training part that say it
  for (const auto& [key, group] : groups) {
    for (const std::string& word : distinct_words(key.second)) ++groups_with[word];
  }
  PromptSplits splits;
  size_t taken = 0;
  for (const auto& [key, group] : groups) {
    const auto words = distinct_words(key.second);
    const bool spared = std::all_of(words.begin(), words.end(), [&](const std::string& word) {
      return groups_with[word] > kGroupsThatTeachAWord;
    });
    if (!spared || taken == 2 * held_out) {
      append(splits.train, group);
      continue;
    }
    for (const std::string& word : words) --groups_with[word];
    append(taken++ % 2 == 0 ? splits.validation : splits.test, group);
  }
  return splits;
}

}  // namespace timetrial
