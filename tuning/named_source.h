#pragma once

// Finds the text behind "a built-in name or a file path".

#include <string>
#include <string_view>
#include <vector>

namespace timetrial {

struct NamedSource {
  std::string text;
  std::string where;  // for messages: the path, or "built-in ruleset demo"
};

// `kind` is "ruleset" or "benchmark"; `builtin_files` are embedded file names such as "demo.json"; `embedded`
// returns the text of one. What holds a '/' or ends in ".json" is a path. Throws UserError listing the
// built-in names.
NamedSource find_source(const std::string& name_or_file, const std::string& kind,
                        const std::vector<std::string>& builtin_files,
                        std::string_view (*embedded)(std::string_view file_name));

// "demo.json" -> "demo"
std::vector<std::string> without_json_ending(std::vector<std::string> file_names);

}  // namespace timetrial
