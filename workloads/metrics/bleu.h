#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace timetrial {

inline constexpr size_t kBleuOrders = 4;

struct Bleu {
  double score = 0;                            // 0 … 100
  std::array<int64_t, kBleuOrders> matches{};  // n-grams that the reference has as well, n = 1 … 4
  std::array<int64_t, kBleuOrders> totals{};   // n-grams of the hypotheses
  int64_t hypothesis_length = 0;               // tokens
  int64_t reference_length = 0;
};

// BLEU of a corpus with one reference a hypothesis (Papineni et al. 2002), case-sensitive, over
// bleu_tokens(), with exponential smoothing (the k-th order without a match counts 1 / 2^k matches) and
// brevity penalty: what sacreBLEU 2 prints by default. Without a single match, or without a 4-gram at all,
// the score is 0. (sacreBLEU 1 smooths the former as well; the two differ for no corpus with a match.) Throws
// std::logic_error when the counts differ.
Bleu corpus_bleu(std::span<const std::string> hypotheses, std::span<const std::string> references);

// The score that follows from the counts alone: those of parts of a corpus may be added up.
double bleu_score(const Bleu& counts);

}  // namespace timetrial
