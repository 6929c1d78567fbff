#include "workloads/finewebedu_lm/byte_pairs.h"

#include <algorithm>
#include <map>
#include <sstream>

#include <nlohmann/json.hpp>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "harness/random/split_mix.h"
#include "harness/text/utf8.h"
#include "workloads/data/child_process.h"
#include "workloads/data/whole_file.h"
#include "workloads/finewebedu_lm/pre_tokens.h"

namespace timetrial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> pre_tokens(std::string_view text) {
  std::vector<std::string> tokens;
  while (!text.empty()) {
    tokens.emplace_back(text.substr(0, pre_token_bytes(text)));
    text.remove_prefix(tokens.back().size());
  }
  return tokens;
}

TEST(PreTokens, WordsTakeTheBlankBefore) {
  EXPECT_THAT(pre_tokens("Hello world, it's 2026!"),
              ElementsAre("Hello", " world", ",", " it", "'s", " 2026", "!"));
  EXPECT_THAT(pre_tokens("we'll they'RE x'd'"),
              ElementsAre("we", "'ll", " they", "'", "RE", " x", "'d", "'"));
  EXPECT_THAT(pre_tokens("a1b2 3c"), ElementsAre("a", "1", "b", "2", " 3", "c"));
}

TEST(PreTokens, WhiteSpaceLeavesItsLastCharacterToWhatFollows) {
  EXPECT_THAT(pre_tokens("a   b"), ElementsAre("a", "  ", " b"));
  EXPECT_THAT(pre_tokens("a\n\nb"), ElementsAre("a", "\n", "\n", "b"));
  EXPECT_THAT(pre_tokens("a \n b \n"), ElementsAre("a", " \n", " b", " \n"));
  EXPECT_THAT(pre_tokens("a\tb"), ElementsAre("a", "\t", "b"));
  EXPECT_THAT(pre_tokens("  "), ElementsAre("  "));
  EXPECT_THAT(pre_tokens(" "), ElementsAre(" "));
}

TEST(PreTokens, ClassesOfCharactersBeyondAscii) {
  EXPECT_THAT(pre_tokens("na\u00efve \u4f60\u597d\u3001 \u00bd\u0661x"),
              ElementsAre("na\u00efve", " \u4f60\u597d", "\u3001", " \u00bd\u0661", "x"));
  EXPECT_THAT(pre_tokens("a\u00a0b\u2003\u2003c"), ElementsAre("a", "\u00a0", "b", "\u2003", "\u2003", "c"));
  EXPECT_THAT(pre_tokens("e\u0301 \U0001F600!"), ElementsAre("e", "\u0301", " \U0001F600!"));
}

TEST(BytePairs, NamesOfBytes) {
  EXPECT_EQ(bytes_as_text("a !"), "a\u0120!");
  EXPECT_EQ(bytes_as_text("\n"), "\u010a");
  EXPECT_EQ(bytes_as_text("\xc3\xa9\xad"), "\u00c3\u00a9\u0143");
  EXPECT_EQ(bytes_as_text(std::string_view("\0", 1)), "\u0100");
}

using Merges = std::vector<std::pair<std::string, std::string>>;

// The merges of these words in the order of their ranks, and a vocabulary of the bytes by value, then the
// merges.
struct Model {
  Merges merges;
  std::string merges_text;
  std::map<std::string, int> vocabulary;

  explicit Model(Merges pairs) : merges(std::move(pairs)) {
    for (int byte = 0; byte < 256; ++byte) {
      const char c = static_cast<char>(byte);
      vocabulary[bytes_as_text({&c, 1})] = byte;
    }
    merges_text = "#version: 0.2\n";
    for (const auto& [left, right] : merges) {
      merges_text += left + " " + right + "\n";
      vocabulary.emplace(left + right, static_cast<int>(vocabulary.size()));
    }
    vocabulary.emplace("<|endoftext|>", static_cast<int>(vocabulary.size()));
  }

  BytePairs pairs() const {
    return {merges_text, "merges.txt", nlohmann::json(vocabulary).dump(), "vocab.json"};
  }

  // The definition: as long as a pair of the word has a merge, joins all places of the one of lowest rank.
  std::vector<uint16_t> plain(std::string_view text) const {
    std::vector<uint16_t> ids;
    for (const std::string& word : pre_tokens(text)) {
      std::vector<std::string> parts;
      for (const char c : word) parts.push_back(bytes_as_text({&c, 1}));
      for (;;) {
        const auto best = std::find_if(merges.begin(), merges.end(), [&](const auto& merge) {
          for (size_t i = 0; i + 1 < parts.size(); ++i) {
            if (parts[i] == merge.first && parts[i + 1] == merge.second) return true;
          }
          return false;
        });
        if (best == merges.end()) break;
        std::vector<std::string> joined;
        for (size_t i = 0; i < parts.size(); ++i) {
          const bool fits = i + 1 < parts.size() && parts[i] == best->first && parts[i + 1] == best->second;
          joined.push_back(fits ? parts[i] + parts[i + 1] : parts[i]);
          if (fits) ++i;
        }
        parts = std::move(joined);
      }
      for (const std::string& part : parts) ids.push_back(static_cast<uint16_t>(vocabulary.at(part)));
    }
    return ids;
  }
};

std::vector<uint16_t> encoded(BytePairs& pairs, std::string_view text) {
  std::vector<uint16_t> ids;
  pairs.encode(text, ids);
  return ids;
}

TEST(BytePairs, MergesByRankThenFromTheLeft) {
  const Model model({{"a", "b"}, {"b", "c"}, {"ab", "c"}, {"\u0120", "abc"}});
  BytePairs pairs = model.pairs();
  EXPECT_THAT(encoded(pairs, "abc"), ElementsAre(258));
  EXPECT_THAT(encoded(pairs, "bc abc abd"), ElementsAre(257, 259, ' ', 256, 'd'));
  EXPECT_THAT(encoded(pairs, ""), ElementsAre());
  EXPECT_EQ(pairs.tokens(), 261);
  EXPECT_EQ(pairs.id_of("<|endoftext|>"), 260);
}

TEST(BytePairs, EqualTheDefinitionOnRandomMerges) {
  uint64_t state = 5;
  const auto draw = [&state](uint64_t bound) { return split_mix_bits(state += kSplitMixIncrement) % bound; };
  for (int round = 0; round < 30; ++round) {
    std::vector<std::string> tokens = {"a", "b", "c", "\u0120"};
    Merges merges;
    while (merges.size() < 25) {
      std::pair<std::string, std::string> merge(tokens[draw(tokens.size())], tokens[draw(tokens.size())]);
      if (std::find(merges.begin(), merges.end(), merge) != merges.end()) continue;
      tokens.push_back(merge.first + merge.second);
      merges.push_back(std::move(merge));
    }
    const Model model(merges);
    BytePairs pairs = model.pairs();
    for (int i = 0; i < 20; ++i) {
      std::string text;
      for (uint64_t length = draw(90); length > 0; --length) text += "aabbc "[draw(6)];
      EXPECT_EQ(encoded(pairs, text), model.plain(text)) << text;
      EXPECT_EQ(encoded(pairs, text), model.plain(text)) << "remembered: " << text;
    }
  }
}

TEST(BytePairs, LongWordsAreNotQuadratic) {
  const Model model({{"a", "a"}, {"aa", "aa"}, {"aaaa", "aaaa"}});
  BytePairs pairs = model.pairs();
  const auto ids = encoded(pairs, std::string(1'000'003, 'a'));
  EXPECT_EQ(ids.size(), 125'000U + 2U);
  EXPECT_EQ(ids.back(), 'a');
}

TEST(BytePairs, BadFilesAreRefusedWithTheirLine) {
  const std::string good = nlohmann::json(Model(Merges{{"a", "b"}}).vocabulary).dump();
  const auto error = [&](const std::string& merges, const std::string& vocabulary) {
    return user_error_of([&] { BytePairs(merges, "merges.txt", vocabulary, "vocab.json"); });
  };
  EXPECT_THAT(error("a b\nab x\nq ab c\n", good), HasSubstr("line 3"));
  EXPECT_THAT(error("a b\nabc d\n", good), testing::AllOf(HasSubstr("line 2"), HasSubstr("abc")));
  EXPECT_THAT(error("a b\na b\n", good), HasSubstr("twice"));
  EXPECT_THAT(error("a b\nb c\n", good), HasSubstr("no id"));
  EXPECT_THAT(error("a b\n", "[1]"), HasSubstr("vocab.json"));
  EXPECT_THAT(error("a b\n", "{\"a\": 65536}"), HasSubstr("65536"));
  EXPECT_THAT(error("a b\n", "{\"a\": -1}"), HasSubstr("-1"));
  EXPECT_THAT(error("a b\n", "{\"a\": 1"), HasSubstr("not a JSON object"));
}

std::vector<std::string> awkward_texts() {
  std::vector<std::string> texts = {
      "The quick brown fox jumps over the lazy dog. The dog didn't mind; it's what they've always done.",
      "  leading and trailing  ",
      "tabs\tand\r\nlines\n\n\nand   spaces   ",
      "don't DON'T we'll I'm he'd you're",
      "numbers 1 22 333 4,444 5.55e-6 \u00bd \u0661\u0662",
      "caf\u00e9 na\u00efve \u4f60\u597d\uff0c\u4e16\u754c \U0001F600\U0001F601",
      "e\u0301 combining \u200b zero width \u00a0 no-break \u2003 em \u3000 wide",
      "x=1;y==2&&z!=3||(a->b)[i]++//comment",
      "<|endoftext|> is text here",
      "'''s 'tis 'twas ''",
      "",
      " ",
      "\n",
      "\u0000 control \u0001\u001f\u007f\u0085"};
  uint64_t state = 1;
  for (int i = 0; i < 190; ++i) {
    std::string text;
    for (size_t j = 0; j < 40; ++j)
      text += texts[split_mix_bits(state += kSplitMixIncrement) % 10].substr(0, 1 + j % 7);
    texts.push_back(is_utf8(text) ? text : texts[split_mix_bits(state) % 9] + " again");
  }
  return texts;
}

TEST(BytePairs, EqualHuggingFaceTokenizers) {
  TemporaryFolder folder;
  const auto texts = awkward_texts();
  std::string lines;
  for (const std::string& text : texts) lines += nlohmann::json(text).dump() + "\n";
  folder.write("texts.txt", lines);
  const CommandResult python = run_command(
      {"python3", TIMETRIAL_SOURCE_DIR "/tests/workloads/byte_pairs_tokenizers.py", folder.path().string()},
      folder.path());
  if (python.exit_status != 0) {
    GTEST_SKIP() << "python3 finds no tokenizers; put an environment that has it first in PATH";
  }
  BytePairs pairs(read_whole_file(folder.path() / "merges.txt"), "merges.txt",
                  read_whole_file(folder.path() / "vocab.json"), "vocab.json");
  std::istringstream output(python.output);
  for (const std::string& text : texts) {
    std::string line;
    std::getline(output, line);
    std::istringstream numbers(line);
    std::vector<uint16_t> expected;
    for (int id; numbers >> id;) expected.push_back(static_cast<uint16_t>(id));
    // The special token is one id there, bytes here: documents are text.
    if (text.find("<|endoftext|>") == std::string::npos) {
      EXPECT_EQ(encoded(pairs, text), expected) << text;
    }
  }
}

}  // namespace
}  // namespace timetrial
