#include "workloads/librispeech/speech_tokenizer.h"

#include "harness/text/utf8.h"
#include "workloads/librispeech/chapters.h"

namespace timetrial {
namespace {

constexpr const char* kTrainingSubset = "train-clean-100";
constexpr int64_t kTrainingCharacters = 10'000'000;

std::vector<std::string> training_sentences(const std::filesystem::path& subset) {
  std::vector<std::string> sentences;
  int64_t characters = 0;
  for (const Chapter& chapter : read_chapters(subset)) {
    for (const Transcript& transcript : chapter.transcripts) {
      characters += count_characters(transcript.text);
      if (characters > kTrainingCharacters) return sentences;
      sentences.push_back(transcript.text);
    }
  }
  return sentences;
}

}  // namespace

std::filesystem::path speech_tokenizer_file(const std::filesystem::path& data_set) {
  return data_set / "tokenizer.model";
}

void train_speech_tokenizer(const std::filesystem::path& data_set, int64_t pieces) {
  const std::filesystem::path file = speech_tokenizer_file(data_set);
  if (std::filesystem::exists(file)) return;
  const auto sentences = training_sentences(data_set / kTrainingSubset);
  size_t next = 0;
  train_sentence_piece(
      {pieces},
      [&]() -> std::optional<std::string> {
        if (next == sentences.size()) return std::nullopt;
        return sentences[next++];
      },
      file);
}

}  // namespace timetrial
