#pragma once

// The utterances of LibriSpeech (Panayotov et al. 2015) in its official folders:
// <subset>/<speaker>/<chapter>/<speaker>-<chapter>.trans.txt and, beside it, a FLAC file for each of its ids.
// Nothing of the recordings is read here but their headers. Thread-safe.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "workloads/data/sentence_piece.h"
#include "workloads/librispeech/flac_file.h"

namespace timetrial {

inline constexpr int64_t kLargestTranscript = 256;    // characters, and tokens with </s>
inline constexpr int64_t kLargestUtterance = 320000;  // samples (20 s)
inline constexpr int64_t kSmallestUtterance = 401;    // samples: one frame of the front end

struct Utterance {
  std::string id;
  std::filesystem::path flac;
  std::string transcript;       // with single spaces between words
  std::vector<int32_t> tokens;  // SentencePiece ids and a final </s> (2)
  int64_t samples = 0;          // by the FLAC header
};

// What is left out, the first of these that holds.
struct SkippedUtterances {
  int64_t without_transcript = 0;  // a FLAC file that no transcript names
  int64_t empty_transcript = 0;
  int64_t without_file = 0;         // a transcript whose FLAC file is missing
  int64_t too_many_characters = 0;  // more than kLargestTranscript, or as many tokens
  int64_t too_short = 0;            // fewer than kSmallestUtterance samples
  int64_t too_long = 0;             // more than kLargestUtterance samples

  int64_t total() const;
};

struct UtteranceSplit {
  std::vector<Utterance> utterances;  // sorted by id
  SkippedUtterances skipped;
};

enum class SpeechSplit { train, validation, test };

// "train-clean-100", "train-clean-360", "train-other-500" | "dev-clean", "dev-other" | "test-clean".
std::vector<std::string> speech_subsets(SpeechSplit split);

// Reads the subsets of the split that exist. Throws UserError when there is none, no utterance is left, two
// have the same id, and for a transcript file (transcripts.h) or header (flac_file.h) that is broken.
UtteranceSplit read_utterances(const std::filesystem::path& data_set, SpeechSplit split,
                               const SentencePieceModel& tokenizer);

}  // namespace timetrial
