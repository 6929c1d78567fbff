#include "token_files.h"

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "workloads/data/whole_file.h"
#include "workloads/finewebedu_lm/byte_pairs.h"
#include "workloads/finewebedu_lm/document_conversion.h"
#include "workloads/finewebedu_lm/documents.h"
#include "workloads/finewebedu_lm/token_file.h"

namespace timetrial {

std::unique_ptr<DataPreparation> prepare_finewebedu_lm();

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const auto kQuiet = [](auto&&...) {};
const auto kTakeAll = [](auto&&...) { return true; };
constexpr TokenSplits kSplits = {5, 300, 3, 2, 1};

TEST(TokenFile, IsCutIntoRunsAndTheRestIsLeft) {
  TemporaryFolder folder;
  const auto file = folder.path() / "deep/train.bin";
  write_tokens(file, {1, 2, 3, 4, 5, 6, 7, 299});
  const TokenFile tokens(file);
  EXPECT_EQ(tokens.runs(3), 2);
  EXPECT_THAT(tokens.run(1, 3, 300), ElementsAre(4, 5, 6));
  EXPECT_EQ(read_whole_file(file).substr(0, 4), std::string("\1\0\2\0", 4));
  EXPECT_FALSE(std::filesystem::exists(file.string() + ".partial"));
}

TEST(TokenFile, TokenBeyondTheVocabularyIsNamedWithItsPlace) {
  TemporaryFolder folder;
  write_tokens(folder.path() / "a.bin", {1, 2, 3, 4, 5, 300});
  const TokenFile tokens(folder.path() / "a.bin");
  EXPECT_NO_THROW(tokens.run(1, 3, 301));
  EXPECT_THAT(user_error_of([&] { tokens.run(1, 3, 300); }),
              testing::AllOf(HasSubstr("a.bin"), HasSubstr("token 5"), HasSubstr("300")));
}

TEST(TokenFile, OddEmptyAndMissingFilesAreRefused) {
  TemporaryFolder folder;
  const auto error = [&](const std::filesystem::path& file) {
    return user_error_of([&] { TokenFile tokens(file); });
  };
  EXPECT_THAT(error(folder.write("odd.bin", "abc")), HasSubstr("3 bytes"));
  EXPECT_THAT(error(folder.write("empty.bin", "")), HasSubstr("0 bytes"));
  EXPECT_THAT(error(folder.path() / "absent.bin"), HasSubstr("absent.bin"));
}

TEST(TokenSplits, ManifestHasTheCountsAndAnIdOfTheTokens) {
  TemporaryFolder folder;
  write_made_up_tokens(folder.path(), kSplits);
  const auto manifest = read_manifest(folder.path(), "finewebedu_lm");
  EXPECT_THAT(manifest.examples,
              ElementsAre(std::pair("test", 1), std::pair("train", 3), std::pair("validation", 2)));
  auto tokens = made_up_tokens(17, 300, 2);
  write_tokens(folder.path() / "val.bin", tokens);
  check_token_splits(folder.path(), kSplits, "made-up", "", kQuiet);
  EXPECT_EQ(read_manifest(folder.path(), "finewebedu_lm").id, manifest.id) << "the tail is not used";
  tokens[9] ^= 1;
  write_tokens(folder.path() / "val.bin", tokens);
  check_token_splits(folder.path(), kSplits, "made-up", "", kQuiet);
  EXPECT_NE(read_manifest(folder.path(), "finewebedu_lm").id, manifest.id);
}

TEST(TokenSplits, ShortFilesAndForeignTokensAreRefused) {
  TemporaryFolder folder;
  write_made_up_tokens(folder.path(), kSplits);
  std::filesystem::remove(folder.path() / "manifest.json");
  const auto error = [&] {
    return user_error_of([&] { check_token_splits(folder.path(), kSplits, "", "", kQuiet); });
  };
  write_tokens(folder.path() / "train.bin", std::vector<uint16_t>(14, 1));
  EXPECT_THAT(error(), testing::AllOf(HasSubstr("train.bin"), HasSubstr("3 runs"), HasSubstr("14 tokens")));
  write_tokens(folder.path() / "train.bin", std::vector<uint16_t>(15, 300));
  EXPECT_THAT(error(), HasSubstr("not in the vocabulary"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "manifest.json"));
}

TEST(Documents, OneALine) {
  EXPECT_EQ(document_of(R"({"id": 1, "text": "a\nb \u00e9"})", true, ""), "a\nb \u00e9");
  EXPECT_EQ(document_of("{plain}", false, ""), "{plain}");
  TemporaryFolder folder;
  std::vector<std::string> documents;
  int64_t bytes = 0;
  read_documents(folder.write("a.txt", "one\n\ntwo\r\nthree"),
                 [&](const std::string& document, int64_t done) {
                   documents.push_back(document);
                   bytes = done;
                   return true;
                 });
  EXPECT_THAT(documents, ElementsAre("one", "two", "three"));
  EXPECT_EQ(bytes, 16);
}

TEST(Documents, BadLinesAreRefusedWithTheirNumber) {
  TemporaryFolder folder;
  const auto error = [&](const std::string& name, const std::string& text) {
    return user_error_of([&] { read_documents(folder.write(name, text), kTakeAll); });
  };
  EXPECT_THAT(error("a.txt", "good\nbad \xff\n"),
              testing::AllOf(HasSubstr("a.txt, line 2"), HasSubstr("UTF-8")));
  EXPECT_THAT(error("a.jsonl", "{\"text\": \"x\"}\n{\"text\": 1}\n"), HasSubstr("line 2"));
  EXPECT_THAT(error("a.jsonl", "{\"text\": \"x\""), HasSubstr("JSON object"));
  EXPECT_THAT(error("a.jsonl", "[]"), HasSubstr("JSON object"));
  EXPECT_THAT(error("a.jsonl", "{\"text\": \"\xff\"}"), HasSubstr("a.jsonl, line 1"));
  EXPECT_THAT(user_error_of([&] { read_documents(folder.path() / "absent.txt", kTakeAll); }),
              HasSubstr("absent.txt"));
}

class Conversion : public testing::Test {
 protected:
  // The 256 bytes, "ab" and the end of a text: 258 tokens.
  Conversion() {
    std::string vocabulary = "{\"<|endoftext|>\": 257, \"ab\": 256";
    for (int byte = 0; byte < 256; ++byte) {
      const char c = static_cast<char>(byte);
      const std::string name = bytes_as_text({&c, 1});
      vocabulary += ", \"" + std::string(name == "\"" || name == "\\" ? "\\" : "") + name +
                    "\": " + std::to_string(byte);
    }
    folder_.write("vocab.json", vocabulary + "}");
    folder_.write("merges.txt", "#version: 0.2\na b\n");
  }

  void convert() { convert_documents(folder_.path(), splits_, kQuiet); }
  std::vector<uint16_t> tokens(const char* split) {
    const TokenFile file(token_file(folder_.path(), split));
    return {file.tokens().begin(), file.tokens().end()};
  }

  TokenSplits splits_ = {3, 258, 2, 1, 0};
  TemporaryFolder folder_;
};

TEST_F(Conversion, FillsTrainingThenValidationAndStops) {
  folder_.write("text/b.txt", "cab\nxyz\nnever read \xff\n");
  folder_.write("text/a.jsonl", "{\"text\": \"ab\"}\n{\"text\": \"\"}\n{\"text\": \"a b\"}\n");
  folder_.write("text/readme.md", "not a document");
  convert();
  EXPECT_THAT(tokens("train"), ElementsAre(256, 257, 'a', ' ', 'b', 257));
  EXPECT_THAT(tokens("validation"), ElementsAre('c', 256, 257));
}

TEST_F(Conversion, TooLittleTextIsAnErrorAndLeavesNoTokens) {
  folder_.write("text/a.txt", "abab\n");
  EXPECT_THAT(user_error_of([&] { convert(); }), HasSubstr("6 tokens are missing"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "train.bin"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "val.bin"));
}

TEST_F(Conversion, MissingFilesAreNamedWithTheLayout) {
  EXPECT_THAT(user_error_of([&] { convert(); }), HasSubstr("merges.txt and vocab.json"));
  folder_.write("text/a.txt", "abab\n");
  std::filesystem::remove(folder_.path() / "merges.txt");
  EXPECT_THAT(user_error_of([&] { convert(); }), HasSubstr("merges.txt"));
}

TEST_F(Conversion, AnotherVocabularyThanGpt2IsRefused) {
  folder_.write("text/a.txt", "abab\n");
  EXPECT_THAT(user_error_of([&] { prepare_finewebedu_lm()->check_full(folder_.path(), kQuiet); }),
              testing::AllOf(HasSubstr("50257"), HasSubstr("258")));
}

}  // namespace
}  // namespace timetrial
