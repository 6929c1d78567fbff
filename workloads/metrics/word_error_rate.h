#pragma once

// Word error rate of speech recognition: word edits over words of the reference, as jiwer counts them and as
// AlgoPerf's librispeech workloads report it.

#include <cstdint>
#include <string_view>

namespace timetrial {

// Sum both over a split: word error rate = edits / words.
struct WordErrors {
  int64_t edits = 0;
  int64_t words = 0;
};

// The Levenshtein distance (insertions, deletions and substitutions of words, each of cost 1) between two
// texts, and the words of the reference. Words are separated by ASCII white space; case and punctuation
// count. An empty reference counts as one word. Time is the product of the numbers of words.
WordErrors word_errors(std::string_view hypothesis, std::string_view reference);

}  // namespace timetrial
