#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "workloads/librispeech/transcripts.h"

namespace timetrial {

// A folder <subset>/<speaker>/<chapter> with its transcripts.
struct Chapter {
  std::filesystem::path folder;
  std::vector<Transcript> transcripts;
  int64_t files_without_transcript = 0;  // *.flac that no line names
};

// All chapters of a subset's folder, sorted by path. Throws UserError when the folder cannot be read and for
// a broken transcript file.
std::vector<Chapter> read_chapters(const std::filesystem::path& subset);

}  // namespace timetrial
