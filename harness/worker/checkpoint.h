#pragma once

// A checkpoint: everything a trial needs to go on as if it had never stopped.
//
// On disk: checkpoints/step-<12 digits>.pt, a LibTorch archive written to NAME.partial, fsynced and renamed;
// its CRC-32 and size stand in the journal, which makes it count. The two newest are kept.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "harness/journal/record.h"

namespace timetrial {

struct Checkpoint {
  std::map<std::string, at::Tensor> tensors;  // "model/…", "submission/…", "random/…"
  std::map<std::string, std::vector<int64_t>> integers;
};

// Writes the file and removes all but the newest two. Throws UserError (full disk), older checkpoints
// untouched. What the timed loop itself has to remember is for the caller to add to the record.
CheckpointRecord write_checkpoint(const std::filesystem::path& trial_directory, int64_t step,
                                  double submission_seconds, const Checkpoint& checkpoint);

// The same in two parts, for an archive that one process writes and another one keeps.
struct ArchiveStamp {
  int64_t bytes = 0;
  std::string crc32;
};
ArchiveStamp write_archive(const std::filesystem::path& file, const Checkpoint& checkpoint);
ArchiveStamp stamp_of_archive(const std::filesystem::path& file);
CheckpointRecord keep_archive(const std::filesystem::path& archive, const ArchiveStamp& stamp,
                              const std::filesystem::path& trial_directory, int64_t step,
                              double submission_seconds);

// The newest checkpoint of the journal whose file is whole. Problems with newer ones go to `problems`.
std::optional<CheckpointRecord> find_checkpoint(const std::filesystem::path& trial_directory,
                                                const std::vector<JournalRecord>& journal,
                                                std::vector<std::string>& problems);

// Tensors are on CPU.
Checkpoint read_checkpoint(const std::filesystem::path& file);

}  // namespace timetrial
