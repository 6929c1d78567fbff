#pragma once

// Files that are whole or absent, whatever dies in between.

#include <filesystem>
#include <string>
#include <string_view>

namespace timetrial {

// Writes to NAME.<pid>.partial, fsyncs, renames over NAME and fsyncs the folder. Creates missing folders.
// Throws UserError (read-only folder, full disk); an existing file is then still the old one.
void write_file_durably(const std::filesystem::path& file, std::string_view contents);

// Makes the rename of an already written and fsynced `partial` durable.
void rename_durably(const std::filesystem::path& partial, const std::filesystem::path& file);

// UserError for a failed system call on `file`: says what the errno means and how to cure it.
[[noreturn]] void throw_file_error(const std::string& what, const std::filesystem::path& file,
                                   int error_number);

}  // namespace timetrial
