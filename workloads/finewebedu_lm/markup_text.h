#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace timetrial {

// Which elements of HTML or of another XML split paragraphs, and whose contents are left out. Lower case.
struct MarkupRules {
  std::set<std::string> breaks;
  std::set<std::string> left_out;
};

// The paragraphs of a text with tags: tags dropped, character references replaced, white space single. Any
// bytes give a result; a tag that is never closed swallows the rest.
std::vector<std::string> markup_paragraphs(std::string_view markup, const MarkupRules& rules);

}  // namespace timetrial
