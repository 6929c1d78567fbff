#pragma once

// From texts to the pieces that a trial reads, see text_files.h.

#include <filesystem>
#include <functional>
#include <string>

#include "workloads/data/sentence_piece.h"
#include "workloads/wmt/parallel_lines.h"
#include "workloads/wmt/text_files.h"
#include "workloads/wmt/tokenized_pairs.h"

namespace timetrial {

struct TextCounts {
  int64_t lines = 0;     // of each side
  int64_t skipped = 0;   // pairs with an empty side
  int64_t too_long = 0;  // pairs with more pieces than the longest sentence may have
};

// All pairs that `lines` has left, each sentence followed by kEndPiece.
TokenizedPairs tokenize_pairs(ParallelLines& lines, const SentencePieceModel& vocabulary,
                              const TextLimits& limits, TextCounts& counts,
                              const std::function<void(int64_t lines)>& progress);

// Trains a vocabulary on the first 10,000,000 bytes of the pairs, source and target in turn.
void train_vocabulary(ParallelLines& lines, const TextLimits& limits, const std::filesystem::path& file);

// `text`.pairs of the folder. Throws UserError when it is missing, damaged, or was made with another
// vocabulary size or longest sentence.
TokenizedPairs read_pairs(const std::filesystem::path& folder, const std::string& text,
                          const TextLimits& limits);

}  // namespace timetrial
