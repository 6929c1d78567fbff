#include "workloads/wmt/beam_search.h"

#include <cmath>

#include <ATen/ATen.h>

namespace timetrial {
namespace {

constexpr double kImpossible = -1e7;  // log-probability that stands for "not at all"

double length_penalty(int64_t tokens, double alpha) {
  return std::pow((5.0 + static_cast<double>(tokens)) / 6.0, alpha);
}

// values[i, chosen[i, j]]; [sentences, candidates, ...], [sentences, n] -> [sentences, n, ...]
at::Tensor pick(const at::Tensor& values, const at::Tensor& chosen) {
  if (values.dim() == 2) return values.gather(1, chosen);
  return values.gather(1, chosen.unsqueeze(2).expand({-1, -1, values.size(2)}));
}

// The places of the `count` largest, best last.
at::Tensor best_last(const at::Tensor& scores, int64_t count) {
  return std::get<1>(scores.topk(count, 1)).flip(1);
}

struct Candidates {
  at::Tensor log_probabilities;  // [sentences, 2 beams]
  at::Tensor beams;              // which beam each continues
  at::Tensor sequences;          // [sentences, 2 beams, longest]
  at::Tensor finished;           // bool
};

class Search {
 public:
  Search(int64_t sentences, const at::TensorOptions& floats, const BeamSearchOptions& options)
      : options_(options) {
    const auto integers = floats.dtype(at::kLong);
    const std::vector<int64_t> beams = {sentences, options.beams};
    const std::vector<int64_t> tokens = {sentences, options.beams, options.longest};
    sentences_ = at::arange(sentences, integers);
    live_scores_ = at::full(beams, kImpossible, floats);
    live_scores_.select(1, 0).zero_();
    finished_scores_ = at::full(beams, kImpossible, floats);
    finished_ = at::zeros(beams, floats.dtype(at::kBool));
    live_ = at::zeros(tokens, integers);
    finished_sequences_ = at::zeros(tokens, integers);
  }

  int64_t count() const { return live_.size(0); }
  int64_t tokens() const { return tokens_; }
  at::Tensor last_tokens() const { return live_.select(2, tokens_); }
  const at::Tensor& sentences() const { return sentences_; }  // which ones are still searched

  // Takes one step and returns, for the decoder, which row each live row continues.
  at::Tensor advance(const at::Tensor& logits) {
    const Candidates all = candidates(logits);
    ++tokens_;
    const at::Tensor parents = choose_live(all);
    choose_finished(all);
    return parents;
  }

  // Of the sentences still searched: whether no live beam can become better than what has finished.
  at::Tensor done() const {
    const at::Tensor worst = at::where(finished_, finished_scores_.amin(1, true), kImpossible);
    const at::Tensor best =
        live_scores_.narrow(1, options_.beams - 1, 1) / length_penalty(options_.longest, options_.alpha);
    return worst.gt(best).all(1);
  }

  // [sentences, longest - 1], without the 0 at the start.
  at::Tensor best() const {
    const at::Tensor any = finished_.any(1).unsqueeze(1);
    const int64_t last = options_.beams - 1;
    return at::where(any, finished_sequences_.select(1, last), live_.select(1, last))
        .narrow(1, 1, options_.longest - 1);
  }

  void keep(const at::Tensor& chosen) {
    for (at::Tensor* part :
         {&sentences_, &live_scores_, &finished_scores_, &finished_, &live_, &finished_sequences_}) {
      *part = part->index_select(0, chosen);
    }
  }

 private:
  // The best 2 beams of all continuations: even if `beams` of them finish, as many go on. The best of all are
  // among the best of each beam.
  Candidates candidates(const at::Tensor& logits) const {
    const int64_t wanted = 2 * options_.beams;
    const auto [values, pieces] = logits.topk(wanted, 2);
    const at::Tensor log_probabilities =
        values - logits.logsumexp(2, true) + live_scores_.unsqueeze(2);  // [sentences, beams, 2 beams]
    const auto [best, places] = log_probabilities.flatten(1).topk(wanted, 1);
    Candidates all;
    all.log_probabilities = best;
    all.beams = places.div(wanted, "floor");
    const at::Tensor tokens = pieces.flatten(1).gather(1, places);
    all.sequences = pick(live_, all.beams);
    // All later places take the token; the next steps write over it, or leave the end repeated.
    all.sequences.narrow(2, tokens_ + 1, options_.longest - tokens_ - 1).copy_(tokens.unsqueeze(2));
    all.finished = tokens.eq(options_.end);
    return all;
  }

  at::Tensor choose_live(const Candidates& all) {
    const at::Tensor scores = all.log_probabilities + all.finished * kImpossible;
    const at::Tensor chosen = best_last(scores, options_.beams);
    live_ = pick(all.sequences, chosen);
    live_scores_ = pick(scores, chosen);
    const at::Tensor first_rows = at::arange(count(), chosen.options()).unsqueeze(1) * options_.beams;
    return (pick(all.beams, chosen) + first_rows).flatten();
  }

  void choose_finished(const Candidates& all) {
    const at::Tensor scores = all.log_probabilities / length_penalty(tokens_, options_.alpha) +
                              all.finished.logical_not() * kImpossible;
    const at::Tensor all_scores = at::cat({finished_scores_, scores}, 1);
    const at::Tensor chosen = best_last(all_scores, options_.beams);
    finished_sequences_ = pick(at::cat({finished_sequences_, all.sequences}, 1), chosen);
    finished_ = pick(at::cat({finished_, all.finished}, 1), chosen);
    finished_scores_ = pick(all_scores, chosen);
  }

  BeamSearchOptions options_;
  int64_t tokens_ = 0;  // chosen so far
  at::Tensor sentences_;
  at::Tensor live_scores_, live_;                               // best last
  at::Tensor finished_scores_, finished_, finished_sequences_;  // best last
};

}  // namespace

at::Tensor beam_search(BeamDecoder& decoder, int64_t sentences, const at::TensorOptions& logits_options,
                       const BeamSearchOptions& options) {
  const at::NoGradGuard no_grad;
  Search search(sentences, logits_options, options);
  const at::Tensor results = at::zeros({sentences, options.longest - 1}, logits_options.dtype(at::kLong));
  const auto store = [&](const at::Tensor& chosen) {
    results.index_copy_(0, search.sentences().index_select(0, chosen), search.best().index_select(0, chosen));
  };
  while (search.count() > 0 && search.tokens() < options.longest - 1) {
    decoder.reorder(search.advance(decoder.step(search.last_tokens())));
    const at::Tensor done = search.done();
    if (!done.any().item<bool>()) continue;
    store(done.nonzero().squeeze(1));
    const at::Tensor kept = done.logical_not().nonzero().squeeze(1);
    search.keep(kept);
    decoder.keep(kept);
  }
  if (search.count() > 0) store(at::arange(search.count(), results.options()));
  return results;
}

}  // namespace timetrial
