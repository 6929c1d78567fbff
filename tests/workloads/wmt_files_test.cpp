#include "wmt_files.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include <gmock/gmock.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "workloads/data/seeded_order.h"
#include "workloads/preparation.h"
#include "workloads/wmt/help_paragraphs.h"
#include "workloads/wmt/help_texts.h"
#include "workloads/wmt/sentence_packing.h"
#include "workloads/wmt/wmt_data.h"

namespace timetrial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

struct Texts {
  Texts(const std::string& source_text, const std::string& target_text)
      : source(source_text), target(target_text), lines(source, target, "a.de", "a.en") {}

  std::istringstream source, target;
  ParallelLines lines;
};

TEST(WmtParallelLines, GoInStepAndSkipWhatHasAnEmptySide) {
  Texts texts("eins\r\n\nzwei \n \t\ndrei", "one\ntwo\ntwo\nx\nthree\n");
  std::vector<std::pair<std::string, std::string>> found;
  while (const auto pair = texts.lines.next()) found.emplace_back(pair->source, pair->target);
  EXPECT_THAT(found, ElementsAre(Pair("eins", "one"), Pair("zwei ", "two"), Pair("drei", "three")));
  EXPECT_EQ(texts.lines.lines(), 5);
  EXPECT_EQ(texts.lines.skipped(), 2);
}

TEST(WmtParallelLines, UnequalLineCountsNameTheShorterFile) {
  Texts texts("a\nb\n", "a\n");
  texts.lines.next();
  EXPECT_THAT(user_error_of([&] { texts.lines.next(); }),
              testing::AllOf(HasSubstr("a.en"), HasSubstr("1 lines")));
}

TEST(WmtParallelLines, BytesThatAreNoUtf8NameFileAndLine) {
  Texts texts(
      "gut\nschl\xE4"
      "cht\n",
      "good\nbad\n");
  texts.lines.next();
  EXPECT_THAT(user_error_of([&] { texts.lines.next(); }), HasSubstr("a.de, line 2"));
}

TokenizedPairs numbered_pairs(const std::vector<std::pair<int, int>>& lengths) {
  TokenizedPairs pairs(100, 12);
  int32_t word = 3;
  for (const auto& [source, target] : lengths) {
    std::vector<int32_t> sides[2];
    for (const auto& [side, length] : {std::pair{&sides[0], source}, {&sides[1], target}}) {
      side->assign(static_cast<size_t>(length) - 1, word);
      side->push_back(kEndPiece);
    }
    pairs.add(sides[0], sides[1]);
    ++word;
  }
  return pairs;
}

TEST(WmtTokenizedPairs, SurviveTheFile) {
  const TokenizedPairs pairs = numbered_pairs({{3, 1}, {12, 2}, {1, 12}});
  const TokenizedPairs read = parse_tokenized_pairs(pairs.bytes(), "file");
  EXPECT_EQ(read.pieces(), 100);
  EXPECT_EQ(read.longest(), 12);
  ASSERT_EQ(read.count(), 3U);
  for (uint32_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(std::ranges::equal(read.source(i), pairs.source(i)));
    EXPECT_TRUE(std::ranges::equal(read.target(i), pairs.target(i)));
  }
  EXPECT_THAT(read.source(0), ElementsAre(3, 3, 2));
  EXPECT_EQ(read.bytes(), pairs.bytes());
  EXPECT_EQ(parse_tokenized_pairs(TokenizedPairs(5, 5).bytes(), "file").count(), 0U);
}

TEST(WmtTokenizedPairs, EveryChangedOrMissingByteIsFound) {
  const std::string bytes = numbered_pairs({{3, 2}, {2, 4}}).bytes();
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_THROW(parse_tokenized_pairs(changed, "file"), UserError) << i;
    EXPECT_THROW(parse_tokenized_pairs(bytes.substr(0, i), "file"), UserError) << i;
  }
}

TEST(WmtTokenizedPairs, WrongContentsWithARightChecksumAreNamed) {
  const auto error_with = [](size_t at, char value) {
    std::string bytes = numbered_pairs({{3, 2}, {2, 4}}).bytes();
    bytes[at] = value;
    return user_error_of([&] { parse_tokenized_pairs(with_checksum(bytes), "file"); });
  };
  constexpr size_t kHeader = 8 + 5 * 8;
  EXPECT_THAT(error_with(kHeader + 8, 101), HasSubstr("not in the vocabulary (found: 101)"));
  EXPECT_THAT(error_with(kHeader + 8 + 4, 7), HasSubstr("no end"));
  EXPECT_THAT(error_with(kHeader, 0), HasSubstr("empty or too long"));
  EXPECT_THAT(error_with(kHeader, 13), HasSubstr("empty or too long"));
  EXPECT_THAT(error_with(kHeader, 4), HasSubstr("do not add up"));
  EXPECT_THAT(error_with(8 + 16, 3), HasSubstr("file"));
  EXPECT_THAT(error_with(8, 0), HasSubstr("makes no sense"));
}

TEST(WmtTokenizedPairs, RefuseWhatAVocabularyCannotHold) {
  TokenizedPairs pairs(10, 3);
  const std::vector<int32_t> good = {4, 2}, beyond = {10, 2}, negative = {-1, 2}, endless = {4},
                             long_one = {4, 4, 4, 2};
  for (const auto& bad : {beyond, negative, endless, long_one, std::vector<int32_t>()}) {
    EXPECT_THROW(pairs.add(good, bad), std::logic_error);
  }
  EXPECT_THROW(TokenizedPairs(65537, 3), std::logic_error);
}

TEST(WmtPacking, ARowTakesPairsWhileBothSidesFit) {
  // Rows of 12: sources 5 + 5, targets 2 + 10 fill one; the next pair's target opens a row; a whole row
  // follows.
  const TokenizedPairs pairs = numbered_pairs({{5, 2}, {5, 10}, {1, 1}, {12, 12}, {6, 3}, {6, 3}, {1, 1}});
  const std::vector<uint32_t> order = {0, 1, 2, 3, 4, 5, 6};
  EXPECT_THAT(pack_rows(pairs, order, 12), ElementsAre(ElementsAre(0, 1), ElementsAre(2), ElementsAre(3),
                                                       ElementsAre(4, 5), ElementsAre(6)));
}

// Three epochs of everything, as the definition says it: all examples in a line, cut into groups, packed.
std::vector<std::vector<uint32_t>> plain_rows(const TokenizedPairs& pairs, uint64_t seed) {
  std::vector<uint32_t> line;
  for (int64_t epoch = 0; epoch < 3; ++epoch) {
    for (const uint32_t pair : seeded_order(pairs.count(), seed, epoch)) line.push_back(pair);
  }
  std::vector<std::vector<uint32_t>> rows;
  for (size_t begin = 0; begin + 12 <= line.size(); begin += 12) {
    int64_t sources = 0, targets = 0;
    std::vector<uint32_t> row;
    for (size_t i = begin; i < begin + 12; ++i) {
      const auto source = static_cast<int64_t>(pairs.source(line[i]).size());
      const auto target = static_cast<int64_t>(pairs.target(line[i]).size());
      if (!row.empty() && (sources + source > 12 || targets + target > 12)) {
        rows.push_back(row);
        row.clear();
        sources = targets = 0;
      }
      row.push_back(line[i]);
      sources += source;
      targets += target;
    }
    rows.push_back(row);
  }
  return rows;
}

TokenizedPairs mixed_pairs() {
  std::vector<std::pair<int, int>> lengths;
  for (int i = 0; i < 29; ++i) lengths.emplace_back(1 + (i * 5) % 7, 1 + (i * 3) % 8);
  return numbered_pairs(lengths);
}

TEST(WmtPacking, TheStreamIsTheDefinitionAcrossEpochs) {
  const TokenizedPairs pairs = mixed_pairs();
  const auto expected = plain_rows(pairs, 5);
  PackedRowStream stream(pairs, 3, 5);
  for (size_t row = 0; row + 3 <= expected.size(); row += 3) {
    const auto batch = stream.next();
    for (size_t i = 0; i < 3; ++i) EXPECT_EQ(batch[i], expected[row + i]) << row + i;
  }
}

TEST(WmtPacking, GoesOnFromEveryPosition) {
  const TokenizedPairs pairs = mixed_pairs();
  PackedRowStream stream(pairs, 2, 5);
  for (int i = 0; i < 25; ++i) {
    PackedRowStream resumed(pairs, 2, 5);
    resumed.seek(stream.position());
    EXPECT_EQ(resumed.position(), stream.position());
    const auto expected = stream.next();
    EXPECT_EQ(resumed.next(), expected) << i;
    EXPECT_EQ(resumed.position(), stream.position());
  }
  for (const std::vector<int64_t>& wrong : {std::vector<int64_t>{}, {0, 29, 0}, {-1, 0, 0}, {0, 0, 13}}) {
    EXPECT_THROW(PackedRowStream(pairs, 2, 5).seek(wrong), UserError);
  }
  EXPECT_THROW(PackedRowStream(pairs, 0, 5), UserError);
  EXPECT_THROW(PackedRowStream(TokenizedPairs(10, 10), 1, 5), UserError);
}

TEST(WmtHelp, ParagraphsLoseTheirMarkup) {
  const auto found = help_paragraphs(
      "<html><p class=\"x\">no id</p><p id=\"a\" title=\"1 > 0\">Choose <a href='x'><b>File</b>\n - "
      "Open</a>&lt;\xC2\xA0"
      "&#228;&#x20AC;&unknown;&amp;</p><h2 class=\"h\" id=\"b\"> Title </h2><p id=\"empty\"> </p>"
      "<p id=\"c\"><span class=\"switchinline\"><span hidden=\"true\" class=\"IMPRESS\">Slide <i>x</i></span>"
      "<span hidden=\"true\" id=\"default123\">Page</span></span> 1<br>2</p><p id=\"open\">never closed");
  EXPECT_THAT(found, ElementsAre(Pair("a", "Choose File - Open< ä€&unknown;&"), Pair("b", "Title"),
                                 Pair("c", "Page 1 2")));
  EXPECT_TRUE(help_paragraphs("<p id=\"a\" <<< </p").empty());
}

TEST(WmtHelp, HeldOutPagesShareNoSentenceWithTheTrainingText) {
  std::vector<HelpPair> pairs;
  for (int i = 0; i < 400; ++i) {
    const std::string n = std::to_string(i % 300), page = "page" + std::to_string(i);
    pairs.push_back({page, {"das ist Satz " + n, "this is sentence " + n}});
    pairs.push_back({page, {"gleich in beiden Sprachen", "gleich in beiden Sprachen"}});
    pairs.push_back({page, {"zu kurz", "too short now"}});
  }
  const HelpTexts texts = split_help(pairs, 7);
  EXPECT_EQ(texts.validation.size(), 7U);
  EXPECT_EQ(texts.test.size(), 7U);
  EXPECT_GT(texts.train.size(), 250U);
  std::set<std::string> known;
  for (const auto* split : {&texts.train, &texts.validation, &texts.test}) {
    for (const SentencePair& pair : *split) EXPECT_TRUE(known.insert(pair.source).second) << pair.source;
  }
}

TEST(WmtData, TokenizingCountsWhatItLeavesOut) {
  const TemporaryFolder folder;
  const TextLimits limits{40, 20};
  write_wmt_texts(folder.path(), 60, 10);
  const auto vocabulary_file = folder.path() / kVocabularyFile;
  {
    std::ifstream source(folder.path() / "train.de"), target(folder.path() / "train.en");
    ParallelLines lines(source, target, "train.de", "train.en");
    train_vocabulary(lines, limits, vocabulary_file);
  }
  const SentencePieceModel vocabulary(vocabulary_file, limits.pieces);
  EXPECT_THROW(SentencePieceModel(vocabulary_file, 41), UserError);
  const std::string too_long(100, 'z');
  Texts texts("die tür\n\n" + too_long + "\n", "the door\nx\nshort\n");
  TextCounts counts;
  const TokenizedPairs pairs = tokenize_pairs(texts.lines, vocabulary, limits, counts, [](int64_t) {});
  EXPECT_EQ(pairs.count(), 1U);
  EXPECT_EQ(counts.lines, 3);
  EXPECT_EQ(counts.skipped, 1);
  EXPECT_EQ(counts.too_long, 1);
  const auto source = pairs.source(0);
  EXPECT_EQ(vocabulary.decode(std::vector<int32_t>(source.begin(), source.end())), "die tür");

  std::ofstream(folder.path() / "x.pairs", std::ios::binary) << pairs.bytes();
  EXPECT_EQ(read_pairs(folder.path(), "x", limits).count(), 1U);
  EXPECT_THAT(user_error_of([&] { read_pairs(folder.path(), "x", {41, 20}); }), HasSubstr("other limits"));
  EXPECT_THROW(read_pairs(folder.path(), "y", limits), UserError);
}

TEST(WmtPreparation, OfAFullDataSetNamesWhatIsMissingOrTooSmall) {
  const TemporaryFolder folder;
  const auto preparation = prepare_wmt();
  const auto error = [&] {
    return user_error_of([&] { preparation->check_full(folder.path(), [](auto&&...) {}); });
  };
  EXPECT_THAT(error(), HasSubstr("newstest2013"));
  write_wmt_texts(folder.path(), 60, 10);
  EXPECT_THAT(error(), HasSubstr("smaller vocabulary"));  // too little text for 32,000 pieces
  std::ofstream(folder.path() / kVocabularyFile) << "no model";
  EXPECT_THAT(error(), HasSubstr("not a SentencePiece model"));
}

}  // namespace
}  // namespace timetrial
