#pragma once

// A data set of finewebedu_lm, made up.

#include <cstdint>
#include <filesystem>
#include <vector>

#include "harness/random/split_mix.h"
#include "workloads/finewebedu_lm/token_splits.h"
#include "workloads/finewebedu_lm/token_writer.h"

namespace timetrial {

inline std::vector<uint16_t> made_up_tokens(int64_t count, int64_t vocabulary, uint64_t seed) {
  std::vector<uint16_t> tokens;
  for (int64_t i = 0; i < count; ++i) {
    tokens.push_back(static_cast<uint16_t>(split_mix_bits(seed += kSplitMixIncrement) %
                                           static_cast<uint64_t>(vocabulary)));
  }
  return tokens;
}

inline void write_tokens(const std::filesystem::path& file, const std::vector<uint16_t>& tokens) {
  TokenWriter writer(file);
  writer.write(tokens);
  writer.finish();
}

// Files with a few tokens more than the runs need, and the manifest.
inline void write_made_up_tokens(const std::filesystem::path& data_set, const TokenSplits& splits) {
  const auto write = [&](const char* split, int64_t runs, uint64_t seed) {
    if (runs > 0) {
      write_tokens(token_file(data_set, split),
                   made_up_tokens(runs * splits.run_length + 7, splits.vocabulary, seed));
    }
  };
  write("train", splits.train_runs, 1);
  write("validation", splits.validation_runs, 2);
  write("test", splits.test_runs, 3);
  check_token_splits(data_set, splits, "made-up", "made up", [](auto&&...) {});
}

}  // namespace timetrial
