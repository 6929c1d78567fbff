#pragma once

// Made-up parallel texts in the layout of text_files.h.

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <zlib.h>

#include "workloads/data/whole_file.h"
#include "workloads/preparation.h"
#include "workloads/wmt/wmt_data.h"

namespace timetrial {

std::unique_ptr<DataPreparation> prepare_wmt();

// A sentence of three to eight words and its word by word translation; the i-th of a language without
// meaning.
inline std::pair<std::string, std::string> made_up_sentences(int i) {
  static constexpr const char* kGerman[] = {"die",   "tür",   "haus", "öffnet", "klein",  "grün",
                                            "wagen", "fährt", "zum",  "markt",  "schnell"};
  static constexpr const char* kEnglish[] = {"the", "door",   "house", "opens",  "small",  "green",
                                             "car", "drives", "to",    "market", "quickly"};
  std::pair<std::string, std::string> pair;
  uint32_t state = static_cast<uint32_t>(i) * 2654435761U + 12345U;
  for (uint32_t left = 3 + state % 6; left > 0; --left) {
    state = state * 1664525U + 1013904223U;
    const uint32_t word = (state >> 16) % 11;
    const char* space = pair.first.empty() ? "" : " ";
    pair.first += std::string(space) + kGerman[word];
    pair.second += std::string(space) + kEnglish[word];
  }
  return pair;
}

inline void write_wmt_texts(const std::filesystem::path& data_set, int train, int held_out) {
  int next = 0;
  for (const auto& [text, count] :
       {std::pair{kTrainingText, train}, {kValidationText, held_out}, {kTestText, held_out}}) {
    std::string german, english;
    for (int i = 0; i < count; ++i) {
      const auto [source, target] = made_up_sentences(next++);
      german += source + "\n";
      english += target + "\n";
    }
    write_whole_file(data_set / (std::string(text) + kSourceSuffix), german);
    write_whole_file(data_set / (std::string(text) + kTargetSuffix), english);
  }
}

// Sentences of words of three or four syllables, enough different ones for a vocabulary of thousands of
// pieces.
inline std::string syllables_sentence(uint32_t seed, const char* vowels) {
  static constexpr const char* kOnsets[] = {"b", "d", "f", "g", "h", "k",  "l",  "m",  "n",  "p",
                                            "r", "s", "t", "w", "z", "st", "kr", "pl", "tr", "gl"};
  std::string sentence;
  uint32_t state = seed * 2654435761U + 99U;
  const auto draw = [&](uint32_t bound) {
    state = state * 1664525U + 1013904223U;
    return (state >> 16) % bound;
  };
  for (uint32_t left = 4 + draw(6); left > 0; --left) {
    if (!sentence.empty()) sentence += ' ';
    for (uint32_t syllable = 3 + draw(2); syllable > 0; --syllable) {
      sentence += std::string(kOnsets[draw(20)]) + vowels[draw(5)];
    }
  }
  return sentence;
}

// A complete data set of the mini tier with made-up sentences.
inline void write_made_up_mini_wmt(const std::filesystem::path& data_set) {
  const TextLimits limits = text_limits(true);
  std::string german, english;
  constexpr uint32_t kSentences = 3000;
  for (uint32_t i = 0; i < kSentences; ++i) {
    german += syllables_sentence(i, "aeiou") + "\n";
    english += syllables_sentence(i, "eioua") + "\n";
  }
  const auto read = [&](const auto& use) {
    std::istringstream source(german), target(english);
    ParallelLines lines(source, target, "made-up.de", "made-up.en");
    use(lines);
  };
  read([&](ParallelLines& lines) { train_vocabulary(lines, limits, data_set / kVocabularyFile); });
  const SentencePieceModel vocabulary(data_set / kVocabularyFile, limits.pieces);
  TextCounts counts;
  for (const auto& [text, count] : {std::pair{kTrainingText, 200}, {kValidationText, 7}, {kTestText, 7}}) {
    read([&, file = std::string(text) + kPairsSuffix,
          wanted = static_cast<uint32_t>(count)](ParallelLines& lines) {
      TokenizedPairs pairs(limits.pieces, limits.longest);
      const TokenizedPairs all = tokenize_pairs(lines, vocabulary, limits, counts, [](int64_t) {});
      for (uint32_t i = 0; i < wanted; ++i) {
        const auto source = all.source(i), target = all.target(i);
        pairs.add(std::vector<int32_t>(source.begin(), source.end()),
                  std::vector<int32_t>(target.begin(), target.end()));
      }
      write_whole_file(data_set / file, pairs.bytes());
    });
  }
  write_manifest(data_set, {"made-up", "made up", {{"train", 200}, {"validation", 7}, {"test", 7}}});
}

// 10 to 49 words and the end.
inline std::vector<int32_t> made_up_tokens(uint32_t seed, int64_t pieces) {
  uint32_t state = seed * 2654435761U + 7U;
  const auto draw = [&](uint32_t bound) {
    state = state * 1664525U + 1013904223U;
    return static_cast<uint32_t>((static_cast<uint64_t>(state) * bound) >> 32);
  };
  std::vector<int32_t> tokens(10 + draw(40));
  for (int32_t& token : tokens) token = 3 + static_cast<int32_t>(draw(static_cast<uint32_t>(pieces) - 3));
  tokens.push_back(kEndPiece);
  return tokens;
}

// The bytes of a file of pairs with the checksum that they should have.
inline std::string with_checksum(std::string bytes) {
  const size_t end = bytes.size() - sizeof(uint32_t);
  const auto crc = static_cast<uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), end));
  std::memcpy(bytes.data() + end, &crc, sizeof(crc));
  return bytes;
}

}  // namespace timetrial
