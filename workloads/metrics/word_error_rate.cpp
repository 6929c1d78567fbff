#include "workloads/metrics/word_error_rate.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace timetrial {
namespace {

std::vector<std::string_view> words_of(std::string_view text) {
  constexpr std::string_view kWhiteSpace = " \t\n\v\f\r";
  std::vector<std::string_view> words;
  for (size_t begin = text.find_first_not_of(kWhiteSpace); begin != std::string_view::npos;) {
    const size_t end = std::min(text.find_first_of(kWhiteSpace, begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(kWhiteSpace, end);
  }
  return words;
}

}  // namespace

WordErrors word_errors(std::string_view hypothesis, std::string_view reference) {
  const auto said = words_of(reference);
  const auto heard = words_of(hypothesis);
  // edits[j]: from the first i words of the reference to the first j of the hypothesis.
  std::vector<int64_t> edits(heard.size() + 1);
  std::iota(edits.begin(), edits.end(), 0);
  for (size_t i = 0; i < said.size(); ++i) {
    int64_t diagonal = edits[0]++;
    for (size_t j = 0; j < heard.size(); ++j) {
      const int64_t substituted = diagonal + (said[i] == heard[j] ? 0 : 1);
      diagonal = edits[j + 1];
      edits[j + 1] = std::min({substituted, diagonal + 1, edits[j] + 1});
    }
  }
  return {edits.back(), std::max<int64_t>(static_cast<int64_t>(said.size()), 1)};
}

}  // namespace timetrial
