#pragma once

#include <map>
#include <string>
#include <string_view>

namespace timetrial {

// The paragraphs and headings of a page of LibreOffice's help, by their ids: text without markup, entities
// resolved, white space made single spaces. Of a text that differs between applications only the default is
// taken. Pages in two languages have the same ids. Damaged markup gives odd text, never an error.
std::map<std::string, std::string> help_paragraphs(std::string_view html);

}  // namespace timetrial
