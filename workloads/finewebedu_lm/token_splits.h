#pragma once

// The data set of finewebedu_lm: train.bin, val.bin and, on the mini tier, test.bin (token_file.h), of which
// the first runs are used, as many as there are examples.

#include <cstdint>
#include <filesystem>
#include <string>

#include "workloads/preparation.h"

namespace timetrial {

struct TokenSplits {
  int64_t run_length = 0;  // tokens: the inputs and, one later, the targets
  int64_t vocabulary = 0;
  int64_t train_runs = 0;
  int64_t validation_runs = 0;
  int64_t test_runs = 0;
};

// FineWeb-Edu's sample of 10 billion tokens with GPT-2's vocabulary.
inline constexpr TokenSplits kFullTokenSplits = {1025, 50257, 8'749'870, 100'000, 0};
// Runs are as many as the texts give.
inline constexpr int64_t kMiniRunLength = 129;
inline constexpr int64_t kMiniPieces = 4096;

std::filesystem::path token_file(const std::filesystem::path& data_set, const std::string& split);

// Checks that the files hold these runs and no token beyond the vocabulary, reading all of them, and writes
// the manifest, whose id begins with `id` and changes with every token that is used. Throws UserError.
void check_token_splits(const std::filesystem::path& data_set, const TokenSplits& splits,
                        const std::string& id, const std::string& description,
                        const PreparationProgress& progress);

}  // namespace timetrial
