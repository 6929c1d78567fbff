#pragma once

// Files read and written in one piece. A file under its final name is always complete: it is written to
// NAME.partial, flushed to the disk and renamed.

#include <filesystem>
#include <string>
#include <string_view>

namespace timetrial {

// Throws UserError when the file cannot be read.
std::string read_whole_file(const std::filesystem::path& file);

// The contents of a gzip file, or of a plain file as it is. Throws UserError for a damaged or truncated gzip
// stream.
std::string read_gzip_or_plain(const std::filesystem::path& file);

// Creates the folder when needed. Throws UserError (disk full, no permission).
void write_whole_file(const std::filesystem::path& file, std::string_view contents);

}  // namespace timetrial
