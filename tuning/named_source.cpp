#include "tuning/named_source.h"

#include <algorithm>

#include "harness/errors/user_error.h"
#include "tuning/nearest_name.h"
#include "tuning/strict_json.h"

namespace timetrial {

namespace {

constexpr std::string_view kEnding = ".json";

}  // namespace

std::vector<std::string> without_json_ending(std::vector<std::string> file_names) {
  for (std::string& name : file_names) name.erase(name.size() - kEnding.size());
  return file_names;
}

NamedSource find_source(const std::string& name_or_file, const std::string& kind,
                        const std::vector<std::string>& builtin_files,
                        std::string_view (*embedded)(std::string_view file_name)) {
  const std::string file_name = name_or_file + std::string(kEnding);
  if (std::find(builtin_files.begin(), builtin_files.end(), file_name) != builtin_files.end()) {
    return {std::string(embedded(file_name)), "built-in " + kind + " " + name_or_file};
  }
  if (name_or_file.find('/') != std::string::npos || name_or_file.ends_with(kEnding)) {
    return {read_text_file(name_or_file, kind), name_or_file};
  }
  const std::vector<std::string> names = without_json_ending(builtin_files);
  throw UserError({"there is no " + kind + " of that name" + suggest_name(name_or_file, names), "",
                   name_or_file, "use one of: " + join_names(names) + "; or the path of a .json file"});
}

}  // namespace timetrial
