#include "workloads/metrics/word_error_rate.h"

#include <algorithm>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "../temporary_folder.h"
#include "harness/random/split_mix.h"
#include "workloads/data/child_process.h"

namespace timetrial {
namespace {

struct Pair {
  std::string hypothesis;
  std::string reference;
};

std::string random_sentence(uint64_t& state, uint64_t largest, bool empty_allowed) {
  const auto draw = [&state](uint64_t bound) { return split_mix_bits(state += kSplitMixIncrement) % bound; };
  static const std::vector<std::string> kWords = {"a",    "A",     "the",       "house", "houses",
                                                  "it's", "its",   "caf\u00e9", "...",   "\u4f60\u597d",
                                                  "10",   "x-ray", "'",         "I"};
  static const std::vector<std::string> kGaps = {" ", " ", " ", "  ", "   "};
  std::string text = draw(8) == 0 ? " " : "";
  const uint64_t words = draw(largest) + (empty_allowed ? 0 : 1);
  for (uint64_t i = 0; i < words; ++i) {
    if (i > 0) text += kGaps[draw(kGaps.size())];
    text += kWords[draw(kWords.size())];
  }
  return text + (draw(8) == 0 ? " " : "");
}

// 150 of random words, 50 whose hypothesis is the reference with a few words lost and changed.
std::vector<Pair> random_pairs() {
  std::vector<Pair> pairs;
  uint64_t state = 3;
  for (int i = 0; i < 150; ++i) {
    std::string reference = random_sentence(state, 14, false);
    pairs.push_back({random_sentence(state, 14, true), std::move(reference)});
  }
  for (int i = 0; i < 50; ++i) {
    const std::string reference = random_sentence(state, 60, false);
    std::istringstream stream(reference);
    std::string heard;
    for (std::string word; stream >> word;) {
      const auto fate = split_mix_bits(state += kSplitMixIncrement) % 8;
      if (fate != 0) heard += " " + (fate == 1 ? "other" : word) + (fate == 2 ? " more" : "");
    }
    pairs.push_back({heard, reference});
  }
  return pairs;
}

// The definition: the least over deleting, inserting and substituting the last word.
int64_t plain_distance(const std::vector<std::string>& a, size_t m, const std::vector<std::string>& b,
                       size_t n) {
  if (m == 0 || n == 0) return static_cast<int64_t>(m + n);
  return std::min({plain_distance(a, m - 1, b, n) + 1, plain_distance(a, m, b, n - 1) + 1,
                   plain_distance(a, m - 1, b, n - 1) + (a[m - 1] == b[n - 1] ? 0 : 1)});
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

TEST(WordErrorRate, CountsInsertionsDeletionsAndSubstitutions) {
  const auto expect = [](const char* hypothesis, const char* reference, int64_t edits, int64_t words) {
    const WordErrors errors = word_errors(hypothesis, reference);
    EXPECT_EQ(errors.edits, edits) << hypothesis << " | " << reference;
    EXPECT_EQ(errors.words, words) << hypothesis << " | " << reference;
  };
  expect("the cat sat", "the cat sat", 0, 3);
  expect("the cat", "the cat sat", 1, 3);
  expect("the black cat sat", "the cat sat", 1, 3);
  expect("the bat sat", "the cat sat", 1, 3);
  expect("sat the cat", "the cat sat", 2, 3);
  expect("CAT", "cat", 1, 1);
  expect("  a \t b\r\n", "a b", 0, 2);
  expect("", "a b", 2, 2);
}

TEST(WordErrorRate, EmptyReferenceCountsAsOneWord) {
  EXPECT_EQ(word_errors("", "").edits, 0);
  EXPECT_EQ(word_errors("", "  ").words, 1);
  EXPECT_EQ(word_errors("a b c", "").edits, 3);
  EXPECT_EQ(word_errors("a b c", "").words, 1);
}

TEST(WordErrorRate, EqualsTheDefinition) {
  uint64_t state = 9;
  for (int i = 0; i < 100; ++i) {
    const std::string reference = random_sentence(state, 7, false);
    const std::string hypothesis = random_sentence(state, 7, true);
    const auto said = words_of(reference);
    const auto heard = words_of(hypothesis);
    EXPECT_EQ(word_errors(hypothesis, reference).edits,
              plain_distance(said, said.size(), heard, heard.size()))
        << hypothesis << " | " << reference;
  }
}

TEST(WordErrorRate, EqualsJiwer) {
  const auto pairs = random_pairs();
  std::string lines;
  for (const Pair& pair : pairs) lines += pair.hypothesis + "\t" + pair.reference + "\n";
  TemporaryFolder folder;
  const auto file = folder.write("pairs.txt", lines);
  const CommandResult jiwer = run_command(
      {"python3", TIMETRIAL_SOURCE_DIR "/tests/workloads/jiwer_words.py", file.string()}, folder.path());
  if (jiwer.exit_status != 0) {
    GTEST_SKIP() << "python3 finds no jiwer; put an environment that has it first in PATH";
  }
  std::istringstream stream(jiwer.output);
  for (const Pair& pair : pairs) {
    int64_t edits = -1;
    int64_t words = -1;
    stream >> edits >> words;
    const WordErrors errors = word_errors(pair.hypothesis, pair.reference);
    EXPECT_EQ(errors.edits, edits) << pair.hypothesis << " | " << pair.reference;
    EXPECT_EQ(errors.words, words) << pair.hypothesis << " | " << pair.reference;
  }
}

}  // namespace
}  // namespace timetrial
