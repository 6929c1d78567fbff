#pragma once

#include <filesystem>
#include <string_view>

namespace timetrial {

// Writes beside the file and renames: the file is whole or as it was. Unlike write_file_durably it does not
// wait for the disk, since an export of thousands of files can be made again. The folder must exist. Throws
// UserError (read-only folder, full disk).
void write_exported_file(const std::filesystem::path& file, std::string_view contents);

}  // namespace timetrial
