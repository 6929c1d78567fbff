#include "workloads/librispeech/chapters.h"

#include <algorithm>
#include <set>

#include "harness/errors/user_error.h"
#include "workloads/data/whole_file.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> entries_of(const fs::path& folder, bool folders) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->is_directory() == folders) entries.push_back(entry->path());
  }
  if (error) {
    throw UserError({"the folder cannot be read", folder.string(), error.message(),
                     "unpack LibriSpeech's archives there, or check that you may read it"});
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

Chapter read_chapter(const fs::path& folder) {
  Chapter chapter{folder, {}, 0};
  std::vector<std::string> recordings;
  for (const fs::path& file : entries_of(folder, false)) {
    const std::string name = file.filename().string();
    if (name.ends_with(".trans.txt")) {
      auto transcripts = parse_transcripts(read_whole_file(file), file.string());
      std::move(transcripts.begin(), transcripts.end(), std::back_inserter(chapter.transcripts));
    } else if (name.ends_with(".flac")) {
      recordings.push_back(file.stem().string());
    }
  }
  std::set<std::string> named;
  for (const Transcript& transcript : chapter.transcripts) named.insert(transcript.id);
  chapter.files_without_transcript =
      std::count_if(recordings.begin(), recordings.end(),
                    [&](const std::string& recording) { return !named.contains(recording); });
  return chapter;
}

}  // namespace

std::vector<Chapter> read_chapters(const fs::path& subset) {
  std::vector<Chapter> chapters;
  for (const fs::path& speaker : entries_of(subset, true)) {
    for (const fs::path& folder : entries_of(speaker, true)) chapters.push_back(read_chapter(folder));
  }
  return chapters;
}

}  // namespace timetrial
