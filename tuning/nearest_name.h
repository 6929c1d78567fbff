#pragma once

// "Did you mean …?" for misspelled names.

#include <string>
#include <vector>

namespace timetrial {

// The candidate with the smallest edit distance, or "" when none is near (more than a third of the letters
// differ).
std::string nearest_name(const std::string& name, const std::vector<std::string>& candidates);

// ", did you mean "beta1"?" or "": to be appended to what an error says.
std::string suggest_name(const std::string& name, const std::vector<std::string>& candidates);

// "a, b, c"
std::string join_names(const std::vector<std::string>& names);

}  // namespace timetrial
