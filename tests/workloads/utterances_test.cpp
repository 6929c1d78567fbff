#include "workloads/librispeech/utterances.h"

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "speech_files.h"
#include "workloads/librispeech/transcripts.h"

namespace timetrial {
namespace {

using testing::HasSubstr;

constexpr int64_t kPieces = 32;

std::string ids(const std::vector<Transcript>& transcripts) {
  std::string text;
  for (const Transcript& one : transcripts) text += one.id + "=" + one.text + ";";
  return text;
}

TEST(Transcripts, AreAnIdAndItsWords) {
  EXPECT_EQ(ids(parse_transcripts("1-2-0000 A  B\tC \r\n\n1-2-0001\n1-2-0002 IT'S", "t")),
            "1-2-0000=A B C;1-2-0001=;1-2-0002=IT'S;");
  EXPECT_EQ(ids(parse_transcripts("", "t")), "");
}

TEST(Transcripts, RefusedWithTheirLine) {
  const auto error = [](const std::string& text) {
    return user_error_of([&] { parse_transcripts(text, "a.trans.txt"); });
  };
  EXPECT_THAT(error("1-2-0 A\n1-2-1 A \xff\n"),
              testing::AllOf(HasSubstr("a.trans.txt, line 2"), HasSubstr("UTF-8")));
  EXPECT_THAT(error("1-2-0 A\n\n1-2-0 B"), testing::AllOf(HasSubstr("line 3"), HasSubstr("twice")));
  EXPECT_THAT(error("../../etc/passwd A"), HasSubstr("not the id"));
  EXPECT_THAT(error("..  A"), HasSubstr("not the id"));
}

class Utterances : public testing::Test {
 protected:
  Utterances() { write_made_up_librispeech(folder_.path(), 12, 1600, kPieces); }

  UtteranceSplit read(SpeechSplit split) {
    return read_utterances(folder_.path(), split,
                           SentencePieceModel(speech_tokenizer_file(folder_.path()), kPieces));
  }

  std::filesystem::path chapter(const std::string& subset, int speaker) {
    return folder_.path() / subset / std::to_string(speaker) / "1";
  }

  // Replaces the transcripts of dev-clean, whose speaker is 14, and of dev-other, 15, by nothing.
  void write_validation(const std::string& transcripts) {
    folder_.write("dev-clean/14/1/14-1.trans.txt", transcripts);
    std::filesystem::remove_all(folder_.path() / "dev-other");
  }

  TemporaryFolder folder_;
};

TEST_F(Utterances, EverySplitHasItsSubsetsSortedById) {
  const auto train = read(SpeechSplit::train).utterances;
  ASSERT_EQ(train.size(), 36U);
  EXPECT_EQ(train.front().id, "11-1-0000");
  EXPECT_EQ(train.back().id, "13-1-0011");
  EXPECT_EQ(train[1].samples, 1760);
  EXPECT_EQ(read_flac(train[1].flac).size(), 1760U);
  EXPECT_EQ(train[1].transcript, made_up_transcript(1));
  EXPECT_EQ(read(SpeechSplit::validation).utterances.size(), 24U);
  EXPECT_EQ(read(SpeechSplit::test).utterances.size(), 12U);
  EXPECT_EQ(read(SpeechSplit::test).skipped.total(), 0);
}

TEST_F(Utterances, TokensAreTheTranscriptAndAnEnd) {
  const SentencePieceModel tokenizer(speech_tokenizer_file(folder_.path()), kPieces);
  for (const Utterance& utterance : read(SpeechSplit::test).utterances) {
    ASSERT_FALSE(utterance.tokens.empty());
    EXPECT_EQ(utterance.tokens.back(), kEndPiece);
    EXPECT_EQ(tokenizer.decode(utterance.tokens), utterance.transcript);
  }
}

TEST_F(Utterances, WhatCannotBeLearntFromIsSkippedAndCounted) {
  write_validation("14-1-0000 " + std::string(256, 'A') + "\n14-1-0001 " + std::string(257, 'A') +
                   "\n14-1-0002\n14-1-0099 THE DOG\n14-1-0003 A\n14-1-0004 A FOX\n14-1-0005 IT\n");
  write_flac(chapter("dev-clean", 14) / "14-1-0003.flac", made_up_speech(kSmallestUtterance - 1, 1));
  write_flac(chapter("dev-clean", 14) / "14-1-0004.flac", made_up_speech(kLargestUtterance, 1));
  write_flac(chapter("dev-clean", 14) / "14-1-0005.flac", made_up_speech(kLargestUtterance + 1, 1));
  const UtteranceSplit split = read(SpeechSplit::validation);
  ASSERT_EQ(split.utterances.size(), 1U);
  EXPECT_EQ(split.utterances[0].id, "14-1-0004");
  EXPECT_EQ(split.skipped.without_transcript, 6);
  EXPECT_EQ(split.skipped.empty_transcript, 1);
  EXPECT_EQ(split.skipped.without_file, 1);
  EXPECT_EQ(split.skipped.too_many_characters, 2);  // 256 letters are 257 tokens with </s>
  EXPECT_EQ(split.skipped.too_short, 1);
  EXPECT_EQ(split.skipped.too_long, 1);
  EXPECT_EQ(split.skipped.total(), 12);
}

TEST_F(Utterances, NothingLeftIsAnError) {
  write_validation("");
  EXPECT_THAT(user_error_of([&] { read(SpeechSplit::validation); }),
              testing::AllOf(HasSubstr("dev-clean"), HasSubstr("12 left out")));
  std::filesystem::remove_all(folder_.path() / "test-clean");
  EXPECT_THAT(user_error_of([&] { read(SpeechSplit::test); }), HasSubstr("test-clean"));
}

TEST_F(Utterances, TheSameIdInTwoSubsetsIsAnError) {
  write_made_up_chapter(folder_.path(), "train-other-500", 11, 2, 1600);
  EXPECT_THAT(user_error_of([&] { read(SpeechSplit::train); }), HasSubstr("11-1-0000"));
}

TEST_F(Utterances, WrongTokenizerIsAnError) {
  EXPECT_THAT(
      user_error_of([&] { SentencePieceModel(speech_tokenizer_file(folder_.path()), kSpeechPieces); }),
      HasSubstr("wrong number of pieces"));
}

}  // namespace
}  // namespace timetrial
