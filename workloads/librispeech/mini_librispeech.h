#pragma once

// The mini tier of the speech workloads: telephone prompts in LibriSpeech's folders.

#include <filesystem>

#include "workloads/preparation.h"

namespace timetrial {

inline constexpr int64_t kMiniLargestUtterance =
    64000;  // samples (4 s): no utterance of the mini tier is longer

PreparationPlan mini_librispeech_plan();

// Writes train-clean-100, dev-clean and test-clean from Debian's packages of Asterisk's prompts, which are
// fetched into `cache`: every prompt by itself, then strings of up to four prompts of the same split, as
// Asterisk plays them; in training each prompt of a string is played at 0.85 to 1.15 of its speed. Throws
// UserError.
void write_mini_librispeech(const std::filesystem::path& data_set, const std::filesystem::path& cache,
                            const PreparationProgress& progress);

}  // namespace timetrial
