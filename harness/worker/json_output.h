#pragma once

#include <string>

namespace timetrial {

// Writes `text` to the file, or to standard output when no file is named. `what`: "the fingerprint". Throws
// UserError when the file cannot be written.
void write_json_output(const std::string& what, const std::string& text, const std::string& file);

}  // namespace timetrial
