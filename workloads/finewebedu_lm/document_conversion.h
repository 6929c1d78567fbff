#pragma once

#include <filesystem>

#include "workloads/finewebedu_lm/token_splits.h"
#include "workloads/preparation.h"

namespace timetrial {

// Makes train.bin and val.bin out of what the user brought in `data_set`: text/*.jsonl or text/*.txt
// (documents.h, files in the order of their names), merges.txt and vocab.json of GPT-2. Each document is
// encoded by itself and followed by <|endoftext|>; the stream's first runs are the training split, the next
// the validation split, and what follows is not read. Throws UserError naming the layout when something is
// missing, and when the documents end too early.
void convert_documents(const std::filesystem::path& data_set, const TokenSplits& splits,
                       const PreparationProgress& progress);

}  // namespace timetrial
