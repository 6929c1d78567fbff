#pragma once

// Beam search of one sentence, written out without tensors: what the batched one is compared with.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

#include "workloads/wmt/beam_search.h"

namespace timetrial {

struct PartialTranslation {
  std::vector<int64_t> tokens;  // the 0 at the start included
  double score = 0;             // log-probability; of a finished one divided by its length penalty
};

// `log_probabilities` of every next token after some tokens. Returns the tokens after the 0 at the start; a
// finished translation ends with options.end.
inline std::vector<int64_t> plain_beam_search(
    const std::function<std::vector<double>(const std::vector<int64_t>&)>& log_probabilities,
    const BeamSearchOptions& options) {
  const auto beams = static_cast<size_t>(options.beams);
  const auto penalty = [&](int64_t length) {
    return std::pow((5.0 + static_cast<double>(length)) / 6.0, options.alpha);
  };
  const auto better = [](const PartialTranslation& a, const PartialTranslation& b) {
    return a.score > b.score;
  };
  std::vector<PartialTranslation> live = {{{0}, 0}}, finished;
  for (int64_t length = 1; length < options.longest; ++length) {
    std::vector<PartialTranslation> candidates;
    for (const PartialTranslation& beam : live) {
      const std::vector<double> next = log_probabilities(beam.tokens);
      for (size_t token = 0; token < next.size(); ++token) {
        candidates.push_back(beam);
        candidates.back().tokens.push_back(static_cast<int64_t>(token));
        candidates.back().score += next[token];
      }
    }
    std::sort(candidates.begin(), candidates.end(), better);
    candidates.resize(std::min(candidates.size(), 2 * beams));
    live.clear();
    for (const PartialTranslation& candidate : candidates) {
      if (candidate.tokens.back() != options.end) {
        if (live.size() < beams) live.push_back(candidate);
      } else {
        finished.push_back(candidate);
        finished.back().score /= penalty(length);
      }
    }
    std::sort(finished.begin(), finished.end(), better);
    if (finished.size() > beams) finished.resize(beams);
    if (finished.size() == beams && finished.back().score > live.front().score / penalty(options.longest))
      break;
  }
  const std::vector<int64_t>& best = finished.empty() ? live.front().tokens : finished.front().tokens;
  return {best.begin() + 1, best.end()};
}

}  // namespace timetrial
