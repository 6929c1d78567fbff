#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace timetrial {

// The tokens that BLEU counts, by the rules of NIST's mteval-v13a as sacreBLEU has them ("13a", Post 2018):
// entities are resolved, ASCII punctuation stands alone, but for periods and commas between digits and
// hyphens not after a digit. UTF-8; Unicode's white space separates tokens. Bytes that are no UTF-8 are kept.
std::vector<std::string> bleu_tokens(std::string_view sentence);

}  // namespace timetrial
