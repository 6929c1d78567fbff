#pragma once

// A data set in LibriSpeech's folders, made up.

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <string>
#include <vector>

#include "harness/random/split_mix.h"
#include "workloads/librispeech/flac_file.h"
#include "workloads/librispeech/speech_tokenizer.h"

namespace timetrial {

// A tone of 200 + 50 * `pitch` Hz.
inline std::vector<int16_t> made_up_speech(int64_t samples, int pitch) {
  std::vector<int16_t> tone;
  for (int64_t i = 0; i < samples; ++i) {
    const double phase = 2 * std::numbers::pi * (200 + 50 * pitch) * static_cast<double>(i) / 16000;
    tone.push_back(static_cast<int16_t>(std::lround(9000 * std::sin(phase))));
  }
  return tone;
}

// Three to six words out of 64 of two syllables.
inline std::string made_up_transcript(int64_t number) {
  static const std::vector<std::string> kSyllables = {"BA", "TEN", "KI", "LOR", "MU", "SH'", "DEF", "GOY"};
  uint64_t state = static_cast<uint64_t>(number);
  const auto draw = [&state](uint64_t bound) { return split_mix_bits(state += kSplitMixIncrement) % bound; };
  std::string text;
  for (uint64_t words = 3 + draw(4); words > 0; --words) {
    text += (text.empty() ? "" : " ") + kSyllables[draw(8)] + kSyllables[draw(8)];
  }
  return text;
}

// <subset>/<speaker>/1/ with `count` utterances of `samples` and more samples.
inline void write_made_up_chapter(const std::filesystem::path& data_set, const std::string& subset,
                                  int speaker, int64_t count, int64_t samples) {
  const std::string chapter = std::to_string(speaker) + "-1";
  const std::filesystem::path folder = data_set / subset / std::to_string(speaker) / "1";
  std::filesystem::create_directories(folder);
  std::ofstream transcripts(folder / (chapter + ".trans.txt"));
  for (int64_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    const std::string id = chapter + "-" + std::string(4 - number.size(), '0') + number;
    write_flac(folder / (id + ".flac"), made_up_speech(samples + 160 * (i % 5), static_cast<int>(i % 7)));
    transcripts << id << " " << made_up_transcript(i) << "\n";
  }
}

// Six subsets of one speaker each, and a tokenizer of `pieces` pieces.
inline void write_made_up_librispeech(const std::filesystem::path& data_set, int64_t count, int64_t samples,
                                      int64_t pieces) {
  int speaker = 11;
  for (const char* subset :
       {"train-clean-100", "train-clean-360", "train-other-500", "dev-clean", "dev-other", "test-clean"}) {
    write_made_up_chapter(data_set, subset, speaker++, count, samples);
  }
  train_speech_tokenizer(data_set, pieces);
}

}  // namespace timetrial
