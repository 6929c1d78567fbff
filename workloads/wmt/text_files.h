#pragma once

// The data set on disk. Text is UTF-8, one sentence a line, line i of a .de file is the German for line i of
// the .en file beside it:
//
//   train.de  train.en              WMT17 German-English training text
//   newstest2013.de  .en            validation
//   newstest2014.de  .en            test
//   sentencepiece.model             vocabulary of both languages; trained by `prepare` when absent
//   {train,newstest2013,newstest2014}.pairs   written by `prepare`: the same as pieces (tokenized_pairs.h)

#include <cstdint>
#include <string>

namespace timetrial {

inline constexpr const char* kSourceSuffix = ".de";
inline constexpr const char* kTargetSuffix = ".en";
inline constexpr const char* kPairsSuffix = ".pairs";
inline constexpr const char* kVocabularyFile = "sentencepiece.model";
inline constexpr const char* kTrainingText = "train";
inline constexpr const char* kValidationText = "newstest2013";
inline constexpr const char* kTestText = "newstest2014";

struct TextLimits {
  int64_t pieces = 32000;  // of the vocabulary
  int64_t longest = 256;   // pieces of a sentence, its end included; longer pairs are left out
};

inline TextLimits text_limits(bool mini) {
  return mini ? TextLimits{2000, 64} : TextLimits{};
}

}  // namespace timetrial
