#pragma once

// The mini tier of finewebedu_lm: a commentary of the 19th century and the manual of a database.

#include <filesystem>

#include "workloads/finewebedu_lm/token_splits.h"
#include "workloads/preparation.h"

namespace timetrial {

PreparationPlan mini_texts_plan();

// Fetches two Debian packages into `cache` (C. H. Spurgeon, The Treasury of David, public domain; PostgreSQL
// 15's documentation, PostgreSQL licence), holds out whole chapters and pages, trains tokenizer.model on the
// rest and writes train.bin, val.bin and test.bin, every paragraph followed by </s>. Returns how many runs
// there are. Throws UserError.
TokenSplits write_mini_texts(const std::filesystem::path& data_set, const std::filesystem::path& cache,
                             const PreparationProgress& progress);

}  // namespace timetrial
