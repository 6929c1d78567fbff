#include "workloads/librispeech/utterances.h"

#include <algorithm>

#include "harness/errors/user_error.h"
#include "harness/text/utf8.h"
#include "workloads/librispeech/chapters.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

void add_chapter(const Chapter& chapter, const SentencePieceModel& tokenizer, UtteranceSplit& split) {
  split.skipped.without_transcript += chapter.files_without_transcript;
  for (const Transcript& transcript : chapter.transcripts) {
    if (transcript.text.empty()) {
      ++split.skipped.empty_transcript;
      continue;
    }
    Utterance utterance{transcript.id, chapter.folder / (transcript.id + ".flac"), transcript.text, {}, 0};
    if (!fs::exists(utterance.flac)) {
      ++split.skipped.without_file;
      continue;
    }
    utterance.tokens = tokenizer.encode(utterance.transcript);
    utterance.tokens.push_back(kEndPiece);
    if (count_characters(utterance.transcript) > kLargestTranscript ||
        static_cast<int64_t>(utterance.tokens.size()) > kLargestTranscript) {
      ++split.skipped.too_many_characters;
      continue;
    }
    utterance.samples = flac_samples(utterance.flac);
    if (utterance.samples < kSmallestUtterance) {
      ++split.skipped.too_short;
    } else if (utterance.samples > kLargestUtterance) {
      ++split.skipped.too_long;
    } else {
      split.utterances.push_back(std::move(utterance));
    }
  }
}

}  // namespace

int64_t SkippedUtterances::total() const {
  return without_transcript + empty_transcript + without_file + too_many_characters + too_short + too_long;
}

std::vector<std::string> speech_subsets(SpeechSplit split) {
  switch (split) {
    case SpeechSplit::train:
      return {"train-clean-100", "train-clean-360", "train-other-500"};
    case SpeechSplit::validation:
      return {"dev-clean", "dev-other"};
    case SpeechSplit::test:
      break;
  }
  return {"test-clean"};
}

UtteranceSplit read_utterances(const fs::path& data_set, SpeechSplit split,
                               const SentencePieceModel& tokenizer) {
  UtteranceSplit result;
  const auto subsets = speech_subsets(split);
  for (const std::string& subset : subsets) {
    if (!fs::exists(data_set / subset)) continue;
    for (const Chapter& chapter : read_chapters(data_set / subset)) add_chapter(chapter, tokenizer, result);
  }
  auto& utterances = result.utterances;
  if (utterances.empty()) {
    throw UserError({"there is no utterance", (data_set / subsets.front()).string(),
                     std::to_string(result.skipped.total()) + " left out",
                     "unpack LibriSpeech's archives so that this folder holds <speaker>/<chapter>/*.flac"});
  }
  std::sort(utterances.begin(), utterances.end(),
            [](const Utterance& a, const Utterance& b) { return a.id < b.id; });
  const auto twice = std::adjacent_find(utterances.begin(), utterances.end(),
                                        [](const Utterance& a, const Utterance& b) { return a.id == b.id; });
  if (twice != utterances.end()) {
    throw UserError({"two recordings have the same id", twice->flac.string(), (twice + 1)->flac.string(),
                     "remove the one that was not unpacked from the official archive"});
  }
  return result;
}

}  // namespace timetrial
