#include "workloads/librispeech/librispeech_preparation.h"

#include <map>
#include <set>
#include <sstream>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "speech_files.h"
#include "workloads/librispeech/asterisk_prompts.h"
#include "workloads/librispeech/speed_perturbation.h"
#include "workloads/librispeech/utterances.h"

namespace timetrial {
namespace {

using testing::HasSubstr;

constexpr int64_t kPreparedPieces = 32;
constexpr int64_t kCount = 6;
const auto kQuiet = [](auto&&...) {};

TEST(AsteriskPrompts, WordsAsTheyAreSpoken) {
  EXPECT_EQ(spoken_words("Press 1, then the #-key."), "");
  EXPECT_EQ(spoken_words(" Press 1 -- or don't!  (a tone plays)"), "PRESS ONE OR DON'T");
  EXPECT_EQ(spoken_words("dial 500 to try"), "");
  EXPECT_EQ(spoken_words("3D audio"), "");
  EXPECT_EQ(spoken_words("A.M."), "A M");
  EXPECT_EQ(spoken_words("[monkeys]"), "");
  EXPECT_EQ(spoken_words("at [@"), "AT");
}

TEST(AsteriskPrompts, AreNameAndText) {
  const auto prompts =
      parse_prompts("; comment: no\n\ndigits/1: one\nbeep: [beep]\nno colon\na-b: It's: late\n");
  ASSERT_EQ(prompts.size(), 2U);
  EXPECT_EQ(prompts[0].name, "digits/1");
  EXPECT_EQ(prompts[0].transcript, "ONE");
  EXPECT_EQ(prompts[1].transcript, "IT'S LATE");
}

TEST(AsteriskPrompts, HeldOutTranscriptsAreNotInTrainingButTheirWordsAreOften) {
  std::vector<Prompt> prompts;
  for (int i = 0; i < 120; ++i) {
    prompts.push_back({"p" + std::to_string(i), made_up_transcript(i)});
    prompts.push_back({"twin" + std::to_string(i), made_up_transcript(i)});
  }
  const PromptSplits splits = split_prompts(prompts, 4);
  EXPECT_EQ(splits.train.size() + splits.validation.size() + splits.test.size(), prompts.size());
  EXPECT_FALSE(splits.validation.empty());
  EXPECT_FALSE(splits.test.empty());
  std::set<std::string> said;
  std::map<std::string, std::set<std::string>> said_in;  // word -> transcripts of training
  for (const Prompt& prompt : splits.train) {
    said.insert(prompt.transcript);
    std::istringstream stream(prompt.transcript);
    for (std::string word; stream >> word;) said_in[word].insert(prompt.transcript);
  }
  std::set<std::string> validation;
  for (const Prompt& prompt : splits.validation) validation.insert(prompt.transcript);
  for (const auto* part : {&splits.validation, &splits.test}) {
    for (const Prompt& prompt : *part) {
      EXPECT_FALSE(said.contains(prompt.transcript)) << prompt.transcript;
      EXPECT_FALSE(part == &splits.test && validation.contains(prompt.transcript)) << prompt.transcript;
      std::istringstream stream(prompt.transcript);
      for (std::string word; stream >> word;) EXPECT_GE(said_in[word].size(), 4U) << word;
    }
  }
}

TEST(SpeedPerturbation, FasterIsShorterAndReadsBetweenSamples) {
  const std::vector<int16_t> ramp = {0, 200, 400, 600, 800, 1000, -1000, 32767};
  EXPECT_EQ(play_at_speed(ramp, kSpeedUnit), ramp);
  EXPECT_EQ(play_at_speed(ramp, 2 * kSpeedUnit), (std::vector<int16_t>{0, 400, 800, -1000}));
  EXPECT_EQ(play_at_speed(ramp, kSpeedUnit / 2),
            (std::vector<int16_t>{0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 0, -1000, 15883,
                                  32767, 32767}));
  EXPECT_EQ(play_at_speed(ramp, kSpeedUnit * 5 / 4).size(), 6U);
  EXPECT_TRUE(play_at_speed({}, kSpeedUnit).empty());
}

class LibrispeechPreparation : public testing::Test {
 protected:
  LibrispeechPreparation() { write_made_up_librispeech(folder_.path(), kCount, 1600, kPreparedPieces); }

  void check(int64_t test_utterances = kCount) {
    check_librispeech(folder_.path(),
                      {{"train-clean-100", kCount}, {"dev-clean", kCount}, {"test-clean", test_utterances}},
                      kPreparedPieces, "made-up", "a test", kQuiet);
  }

  std::string error(int64_t test_utterances = kCount) {
    return user_error_of([&] { check(test_utterances); });
  }

  std::string id() {
    check();
    return read_manifest(folder_.path(), "librispeech_conformer").id;
  }

  TemporaryFolder folder_;
};

TEST_F(LibrispeechPreparation, ManifestCountsTheUtterances) {
  check();
  const auto manifest = read_manifest(folder_.path(), "librispeech_conformer");
  EXPECT_THAT(manifest.id, testing::StartsWith("made-up-"));
  EXPECT_EQ(manifest.examples.at("train"), 3 * kCount);
  EXPECT_EQ(manifest.examples.at("validation"), 2 * kCount);
  EXPECT_EQ(manifest.examples.at("test"), kCount);
}

TEST_F(LibrispeechPreparation, IdChangesWithWordsAndRecordings) {
  const std::string before = id();
  EXPECT_EQ(id(), before);
  write_flac(folder_.path() / "dev-other/15/1/15-1-0003.flac", made_up_speech(1234, 1));
  const std::string other_recording = id();
  EXPECT_NE(other_recording, before);
  folder_.write("test-clean/16/1/16-1.trans.txt",
                "16-1-0000 FOX\n16-1-0001 A\n16-1-0002 A\n16-1-0003 A\n16-1-0004 A\n16-1-0005 A\n");
  EXPECT_NE(id(), other_recording);
}

TEST_F(LibrispeechPreparation, WrongCountNamesTheSubset) {
  EXPECT_THAT(error(kCount + 1), testing::AllOf(HasSubstr("test-clean"), HasSubstr("found: 6")));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "manifest.json"));
}

TEST_F(LibrispeechPreparation, TranscriptWithoutRecordingAndTheReverseAreErrors) {
  std::filesystem::rename(folder_.path() / "test-clean/16/1/16-1-0002.flac",
                          folder_.path() / "test-clean/16/1/16-1-0009.flac");
  EXPECT_THAT(error(), HasSubstr("16-1-0002.flac"));
  write_flac(folder_.path() / "test-clean/16/1/16-1-0002.flac", made_up_speech(1600, 1));
  EXPECT_THAT(error(), HasSubstr("have no transcript"));
}

TEST_F(LibrispeechPreparation, MissingSubsetAndBrokenRecordingAreErrors) {
  folder_.write("dev-clean/14/1/14-1-0000.flac", "fLaC");
  EXPECT_THAT(error(), HasSubstr("14-1-0000.flac"));
  std::filesystem::remove_all(folder_.path() / "dev-clean");
  EXPECT_THAT(error(), HasSubstr("dev-clean"));
}

TEST_F(LibrispeechPreparation, FullTierWantsTheOfficialCounts) {
  EXPECT_THAT(user_error_of([&] { librispeech_preparation()->check_full(folder_.path(), kQuiet); }),
              testing::AllOf(HasSubstr("2703"), HasSubstr("dev-clean")));
}

TEST_F(LibrispeechPreparation, TokenizerOfAnotherSizeIsRefused) {
  EXPECT_THAT(user_error_of([&] {
                check_librispeech(folder_.path(), {{"dev-clean", kCount}}, 1024, "x", "y", kQuiet);
              }),
              HasSubstr("wrong number of pieces"));
}

}  // namespace
}  // namespace timetrial
