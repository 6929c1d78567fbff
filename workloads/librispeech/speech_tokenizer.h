#pragma once

// The vocabulary of the two speech workloads: <data set>/tokenizer.model.

#include <filesystem>

#include "workloads/data/sentence_piece.h"

namespace timetrial {

inline constexpr int64_t kSpeechPieces = 1024;  // full tier; id 0, <unk>, is the blank of the CTC loss
inline constexpr int64_t kMiniSpeechPieces =
    32;  // mini tier: little more than letters, for few words are said often

std::filesystem::path speech_tokenizer_file(const std::filesystem::path& data_set);

// Trains it where it is absent, on the transcripts of train-clean-100 in the order of the files, up to 1e7
// characters, all of which get a piece. Throws UserError as read_chapters() and train_sentence_piece() do.
void train_speech_tokenizer(const std::filesystem::path& data_set, int64_t pieces);

}  // namespace timetrial
