#include "workloads/metrics/bleu.h"

#include <fstream>
#include <random>
#include <sstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "../temporary_folder.h"
#include "workloads/data/child_process.h"
#include "workloads/metrics/bleu_tokens.h"

namespace timetrial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Sentences = std::vector<std::string>;

TEST(BleuTokens, PunctuationStandsAloneButWithinNumbers) {
  EXPECT_THAT(
      bleu_tokens("A quick brown fox, jumped over 3.5 dogs - twice!"),
      ElementsAre("A", "quick", "brown", "fox", ",", "jumped", "over", "3.5", "dogs", "-", "twice", "!"));
  EXPECT_THAT(bleu_tokens("It's 10-20 km (approx.)"),
              ElementsAre("It's", "10", "-", "20", "km", "(", "approx", ".", ")"));
  EXPECT_THAT(bleu_tokens("1,000.50, x.y co-op 5- .5"),
              ElementsAre("1,000.50", ",", "x", ".", "y", "co-op", "5", "-", ".", "5"));
  EXPECT_THAT(bleu_tokens("a,,b"), ElementsAre("a", ",", ",", "b"));
}

TEST(BleuTokens, EntitiesLineEndsAndSkippedMarks) {
  EXPECT_THAT(bleu_tokens("&quot;x&quot; &amp;lt; &gt;"), ElementsAre("\"", "x", "\"", "<", ">"));
  EXPECT_THAT(bleu_tokens("hyphen-\nated<skipped> line\nend-\n"), ElementsAre("hyphenated", "line", "end-"));
}

TEST(BleuTokens, UnicodeSpacesSeparateAndOtherBytesStay) {
  EXPECT_THAT(bleu_tokens("a\u00A0b\u2009c\u3000d\u0085e\x1C"
                          "f\u2029"),
              ElementsAre("a", "b", "c", "d", "e", "f"));
  EXPECT_THAT(bleu_tokens("Grüße, \xFF„Häuser“."), ElementsAre("Grüße", ",", "\xFF„Häuser“", "."));
  EXPECT_THAT(bleu_tokens(" \t\n"), IsEmpty());
}

TEST(Bleu, HasTheReferencesValueOnThreeSentences) {
  const Sentences hypotheses = {"The cat sat on the mat.", "A quick brown fox, jumped over 3.5 dogs - twice!",
                                "It's 10-20 km (approx.)"};
  const Sentences references = {"The cat is on the mat.",
                                "The quick brown fox jumped over 3.5 lazy dogs twice!",
                                "It is 10-20 km (approximately)."};
  const Bleu bleu = corpus_bleu(hypotheses, references);
  EXPECT_NEAR(bleu.score, 37.85103431641939, 1e-12);
  EXPECT_THAT(bleu.matches, ElementsAre(22, 13, 7, 3));
  EXPECT_THAT(bleu.totals, ElementsAre(28, 25, 22, 19));
  EXPECT_EQ(bleu.hypothesis_length, 28);
  EXPECT_EQ(bleu.reference_length, 28);
}

TEST(Bleu, EdgesOfTheDefinition) {
  const auto score = [](const std::string& hypothesis, const std::string& reference) {
    return corpus_bleu(Sentences{hypothesis}, Sentences{reference}).score;
  };
  EXPECT_NEAR(score("a b c d e", "a b c d e"), 100, 1e-9);
  EXPECT_EQ(score("a b c", "a b d"), 0);      // no 4-gram
  EXPECT_EQ(score("a b c d", "e f g h"), 0);  // no match
  EXPECT_EQ(score("", "a b c d"), 0);
  EXPECT_EQ(corpus_bleu({}, {}).score, 0);
  EXPECT_LT(score("A B C D", "a b c d e"), score("a b c d", "a b c d e"));
  // The brevity penalty alone: all four precisions are 1.
  EXPECT_NEAR(score("a b c d", "a b c d e"), 100 * std::exp(1 - 5.0 / 4), 1e-9);
  // 4 of 5, 2 of 4 matches, then none of 3 and none of 2: smoothed to 1/2 and 1/4.
  EXPECT_NEAR(score("a b x c d", "a b y c d"), 100 * std::pow(4.0 / 5 * 2 / 4 * 0.5 / 3 * 0.25 / 2, 0.25),
              1e-9);
  EXPECT_THROW(corpus_bleu(Sentences{"a"}, {}), std::logic_error);
}

// Pieces of sentences that the tokenizer's rules meet in every combination.
std::string random_sentence(std::mt19937& random) {
  static const Sentences pieces = {
      "the",    "house", "Grüße",  "1",    "23",        ".",   ",",     "-",  "(",  ")",      "/",
      "&",      "&amp;", "&quot;", "&lt;", "<skipped>", "3.5", "1,000", "..", ",.", "\u00A0", "\u2009",
      "\u3000", "$",     "%",      "it's", "don't",     "\"",  "„",     "“",  "—",  "x-y",    "e.g",
      "日本",   "?",     "!",      "@",    "^",         "~",   "`",     "#",  "\\", "{",      "[",
      "]",      "}",     "|",      "_",    ":",         ";",   "=",     "+",  "*",  "'",      "\t",
      "٣",      "the",   "house",  "is",   "open",      "a",   "-\n",   "\n", "."};
  std::string sentence;
  for (size_t left = random() % 24; left > 0; --left) {
    sentence += pieces[random() % pieces.size()];
    if (random() % 3 != 0) sentence += ' ';
  }
  return sentence;
}

// Half of the pairs share most of their text.
std::pair<std::string, std::string> random_pair(std::mt19937& random) {
  const std::string first = random_sentence(random);
  if (random() % 2 == 0) return {first, random_sentence(random)};
  return {first, first + random_sentence(random)};
}

TEST(Bleu, EqualsSacreBleuOnAwkwardPairs) {
  const auto probe = run_command({"python3", "-c", "import sacrebleu"}, ".");
  if (probe.exit_status != 0) GTEST_SKIP() << "python3 in PATH has no sacrebleu (pip install sacrebleu)";
  std::mt19937 random(7);
  std::vector<std::pair<Sentences, Sentences>> corpora(1);  // all pairs, then each by itself
  for (int i = 0; i < 240; ++i) {
    const auto [hypothesis, reference] = random_pair(random);
    corpora.front().first.push_back(hypothesis);
    corpora.front().second.push_back(reference);
    corpora.push_back({{hypothesis}, {reference}});
  }
  const TemporaryFolder folder;
  const auto file = folder.path() / "corpora.jsonl";
  {
    std::ofstream stream(file);
    for (const auto& [hypotheses, references] : corpora) {
      stream << nlohmann::json{{"hypotheses", hypotheses}, {"references", references}}.dump() << "\n";
    }
  }
  const auto result = run_command(
      {"python3", TIMETRIAL_SOURCE_DIR "/tests/workloads/sacrebleu_scores.py", file.string()}, ".");
  ASSERT_EQ(result.exit_status, 0) << result.output;
  std::istringstream lines(result.output);
  for (const auto& [hypotheses, references] : corpora) {
    const Bleu found = corpus_bleu(hypotheses, references);
    Bleu expected;
    lines >> expected.score;
    for (auto& count : expected.matches) lines >> count;
    for (auto& count : expected.totals) lines >> count;
    lines >> expected.hypothesis_length >> expected.reference_length;
    SCOPED_TRACE(hypotheses.front() + " | " + references.front());
    EXPECT_NEAR(found.score, expected.score, 1e-10);
    EXPECT_EQ(found.matches, expected.matches);
    EXPECT_EQ(found.totals, expected.totals);
    EXPECT_EQ(found.hypothesis_length, expected.hypothesis_length);
    EXPECT_EQ(found.reference_length, expected.reference_length);
  }
  EXPECT_TRUE(lines.good());
}

}  // namespace
}  // namespace timetrial
