#pragma once

// A submission as a person names it: the path of its library, perhaps with a name and a search space.

#include <filesystem>
#include <string>

namespace timetrial {

struct SubmissionReference {
  std::string name;               // in tables; the library's file name without ".so" by default
  std::filesystem::path library;  // absolute
  std::string sha256;
  std::filesystem::path search_space;  // empty: self-tuning
};

// `search_space`: "" looks beside the library for <name>.search_space_mini.json (mini tier) and
// <name>.search_space.json. Throws UserError when the library or a named search space is absent.
SubmissionReference find_submission(const std::string& library, const std::string& search_space,
                                    bool mini_tier);

}  // namespace timetrial
