#include "workloads/metrics/bleu.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <unordered_map>
#include <vector>

#include "workloads/metrics/bleu_tokens.h"

namespace timetrial {
namespace {

using NGramCounts = std::unordered_map<std::string, int64_t>;

// Tokens hold no white space, so joining them by spaces keeps different n-grams apart.
NGramCounts n_grams(const std::vector<std::string>& tokens, size_t order) {
  NGramCounts counts;
  for (size_t begin = 0; begin + order <= tokens.size(); ++begin) {
    std::string joined = tokens[begin];
    for (size_t i = 1; i < order; ++i) joined += " " + tokens[begin + i];
    ++counts[joined];
  }
  return counts;
}

void add_pair(Bleu& bleu, const std::vector<std::string>& hypothesis,
              const std::vector<std::string>& reference) {
  bleu.hypothesis_length += static_cast<int64_t>(hypothesis.size());
  bleu.reference_length += static_cast<int64_t>(reference.size());
  for (size_t order = 1; order <= kBleuOrders; ++order) {
    const NGramCounts known = n_grams(reference, order);
    for (const auto& [n_gram, count] : n_grams(hypothesis, order)) {
      bleu.totals[order - 1] += count;
      const auto found = known.find(n_gram);
      if (found != known.end()) bleu.matches[order - 1] += std::min(count, found->second);
    }
  }
}

double brevity_penalty(const Bleu& bleu) {
  if (bleu.hypothesis_length >= bleu.reference_length) return 1;
  if (bleu.hypothesis_length == 0) return 0;
  return std::exp(1 -
                  static_cast<double>(bleu.reference_length) / static_cast<double>(bleu.hypothesis_length));
}

}  // namespace

double bleu_score(const Bleu& bleu) {
  if (std::ranges::all_of(bleu.matches, [](int64_t count) { return count == 0; })) return 0;
  double sum_of_logs = 0;
  double smoothing = 1;
  for (size_t i = 0; i < kBleuOrders; ++i) {
    if (bleu.totals[i] == 0) return 0;
    const auto total = static_cast<double>(bleu.totals[i]);
    sum_of_logs += bleu.matches[i] == 0 ? std::log(100 / ((smoothing *= 2) * total))
                                        : std::log(100 * static_cast<double>(bleu.matches[i]) / total);
  }
  return brevity_penalty(bleu) * std::exp(sum_of_logs / static_cast<double>(kBleuOrders));
}

Bleu corpus_bleu(std::span<const std::string> hypotheses, std::span<const std::string> references) {
  if (hypotheses.size() != references.size()) {
    throw std::logic_error("corpus_bleu: " + std::to_string(hypotheses.size()) + " hypotheses, " +
                           std::to_string(references.size()) + " references");
  }
  Bleu bleu;
  for (size_t i = 0; i < hypotheses.size(); ++i) {
    add_pair(bleu, bleu_tokens(hypotheses[i]), bleu_tokens(references[i]));
  }
  bleu.score = bleu_score(bleu);
  return bleu;
}

}  // namespace timetrial
