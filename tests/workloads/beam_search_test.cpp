#include "workloads/wmt/beam_search.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <torch/torch.h>

#include "plain_beam_search.h"
#include "workloads/wmt/translation.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

constexpr int64_t kVocabulary = 11;

// A language in which what comes next depends on the sentence and on all tokens so far, by a hash. `ending`
// raises the chance of the end.
class HashedLanguage {
 public:
  HashedLanguage(uint64_t seed, double ending) : seed_(seed), ending_(ending) {}

  std::vector<double> log_probabilities(int64_t sentence, const std::vector<int64_t>& tokens) const {
    uint64_t state = seed_ + static_cast<uint64_t>(sentence) * 977;
    for (const int64_t token : tokens) state = mixed(state * 31 + static_cast<uint64_t>(token) + 1);
    std::vector<double> values;
    double sum = 0;
    for (int64_t token = 0; token < kVocabulary; ++token) {
      const double value =
          4 * static_cast<double>(mixed(state + static_cast<uint64_t>(token)) >> 11) * 0x1.0p-53 +
          (token == 2 ? ending_ : 0);
      values.push_back(value);
      sum += std::exp(value);
    }
    for (double& value : values) value -= std::log(sum);
    return values;
  }

 private:
  static uint64_t mixed(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
  }

  uint64_t seed_;
  double ending_;
};

// Follows the search by what it is told alone, so a wrong reorder or keep leads to other translations.
class HashedDecoder : public BeamDecoder {
 public:
  HashedDecoder(const HashedLanguage& language, int64_t sentences, int64_t beams)
      : language_(language), beams_(beams) {
    for (int64_t row = 0; row < sentences * beams; ++row) rows_.push_back({row / beams, {}});
  }

  at::Tensor step(const at::Tensor& tokens) override {
    ++steps_;
    sentences_seen_ += tokens.size(0);
    std::vector<double> all;
    for (size_t row = 0; row < rows_.size(); ++row) {
      rows_[row].tokens.push_back(tokens.flatten()[static_cast<int64_t>(row)].item<int64_t>());
      // Not normalised: the search has to do that.
      for (const double value : language_.log_probabilities(rows_[row].sentence, rows_[row].tokens)) {
        all.push_back(value + static_cast<double>(row));
      }
    }
    return torch::tensor(all, at::kDouble).view({tokens.size(0), beams_, kVocabulary});
  }

  void reorder(const at::Tensor& rows) override { choose(rows); }

  void keep(const at::Tensor& sentences) override {
    choose((sentences.unsqueeze(1) * beams_ + at::arange(beams_, at::kLong)).flatten());
  }

  int64_t steps() const { return steps_; }
  int64_t sentences_seen() const { return sentences_seen_; }

 private:
  struct Row {
    int64_t sentence;
    std::vector<int64_t> tokens;
  };

  void choose(const at::Tensor& rows) {
    std::vector<Row> chosen;
    for (int64_t i = 0; i < rows.size(0); ++i) {
      chosen.push_back(rows_[static_cast<size_t>(rows[i].item<int64_t>())]);
    }
    rows_ = std::move(chosen);
  }

  const HashedLanguage& language_;
  int64_t beams_;
  std::vector<Row> rows_;
  int64_t steps_ = 0;
  int64_t sentences_seen_ = 0;
};

// The tokens of a row as the search returns it: an end is repeated.
std::vector<int64_t> filled(std::vector<int64_t> tokens, int64_t length) {
  tokens.resize(static_cast<size_t>(length), tokens.back());
  return tokens;
}

std::vector<int64_t> row_of(const at::Tensor& results, int64_t i) {
  const at::Tensor row = results[i].contiguous();
  return {row.const_data_ptr<int64_t>(), row.const_data_ptr<int64_t>() + row.size(0)};
}

TEST(BeamSearch, FindsWhatThePlainSearchFinds) {
  constexpr int64_t kSentences = 7;
  int64_t ended = 0;
  for (const double ending : {-3.0, 0.0, 1.5}) {
    for (uint64_t seed = 1; seed <= 6; ++seed) {
      const HashedLanguage language(seed, ending);
      const BeamSearchOptions options = {.beams = 1 + static_cast<int64_t>(seed % 5), .longest = 12};
      HashedDecoder decoder(language, kSentences, options.beams);
      const at::Tensor results = beam_search(decoder, kSentences, at::kDouble, options);
      ASSERT_EQ(results.sizes(), at::IntArrayRef({kSentences, 11}));
      for (int64_t sentence = 0; sentence < kSentences; ++sentence) {
        const std::vector<int64_t> expected = plain_beam_search(
            [&](const std::vector<int64_t>& tokens) { return language.log_probabilities(sentence, tokens); },
            options);
        EXPECT_EQ(row_of(results, sentence), filled(expected, 11))
            << ending << " " << seed << " " << sentence;
        ended += expected.back() == 2 ? 1 : 0;
      }
    }
  }
  EXPECT_GT(ended, 30);  // both kinds of ends were there
  EXPECT_LT(ended, 3 * 6 * kSentences);
}

TEST(BeamSearch, SentencesThatAreDoneLeaveAndTheSearchStopsEarly) {
  const HashedLanguage language(3, 3.0);
  const BeamSearchOptions options = {.beams = 3, .longest = 200};
  HashedDecoder decoder(language, 6, options.beams);
  beam_search(decoder, 6, at::kDouble, options);
  EXPECT_LT(decoder.steps(), 100);
  EXPECT_LT(decoder.sentences_seen(), 6 * decoder.steps());
}

TEST(BeamSearch, ATranslationDoesNotDependOnItsNeighbours) {
  const HashedLanguage language(9, 0.5);
  const BeamSearchOptions options = {.longest = 15};
  HashedDecoder together(language, 5, options.beams), alone(language, 1, options.beams);
  const at::Tensor all = beam_search(together, 5, at::kDouble, options);
  EXPECT_TRUE(at::equal(all[0], beam_search(alone, 1, at::kDouble, options)[0]));
}

TEST(BeamSearch, AnImpossibleEndGivesTheBestLiveTranslation) {
  const HashedLanguage language(2, -1e6);
  const BeamSearchOptions options = {.longest = 8};
  HashedDecoder decoder(language, 2, options.beams);
  const at::Tensor results = beam_search(decoder, 2, at::kDouble, options);
  EXPECT_FALSE(results.eq(2).any().item<bool>());
  EXPECT_THAT(up_to_end(results[0], 2), testing::SizeIs(1));  // the reference keeps the first token alone
}

TEST(Translation, UpToEndIncludesIt) {
  EXPECT_THAT(up_to_end(torch::tensor({5, 6, 2, 2, 7}), 2), testing::ElementsAre(5, 6, 2));
  EXPECT_THAT(up_to_end(torch::tensor({2, 6}), 2), testing::ElementsAre(2));
}

// With the whole prefix through the whole model at every step.
TEST(Translation, WithCachedKeysAndValuesIsThePlainSearchOverTheModel) {
  for (const std::string variant : {"", "post_ln", "attention_temp", "glu_tanh"}) {
    TransformerConfig config = transformer_config(false, variant);
    config.vocabulary = 30;
    config.longest = 12;
    config.width = 16;
    config.heads = 4;
    config.hidden = 16;
    config.depth = 2;
    const Transformer model(config, at::kDouble, seeded_generator(at::kCPU, 11));
    const BeamSearchOptions options = {.longest = config.longest};
    const at::Tensor sources =
        torch::tensor({{5, 9, 17, 2, 0, 0}, {7, 2, 0, 0, 0, 0}, {21, 22, 23, 24, 25, 2}, {3, 4, 3, 4, 2, 0}});
    const at::Tensor found = translate(model, sources, options);
    const at::NoGradGuard no_grad;
    for (int64_t i = 0; i < sources.size(0); ++i) {
      const auto next = [&](const std::vector<int64_t>& tokens) {
        // What is to be predicted stands last; any token but 0 keeps the row a real one.
        Batch batch;
        std::vector<int64_t> targets(tokens.begin() + 1, tokens.end());
        targets.push_back(1);
        batch.tensors = {{"inputs", sources[i].unsqueeze(0)},
                         {"targets", torch::tensor(targets).unsqueeze(0)}};
        // A 0 among the tokens counts as padding in training but as a token in decoding: stay away from it.
        at::Tensor row = model.forward(batch, 0)[0][-1].clone();
        row = row.log_softmax(0);
        return std::vector<double>(row.const_data_ptr<double>(), row.const_data_ptr<double>() + row.size(0));
      };
      const std::vector<int64_t> expected = plain_beam_search(next, options);
      const std::vector<int64_t> row = row_of(found, i);
      if (std::ranges::count(expected, 0) + std::ranges::count(row, 0) > 0) continue;
      EXPECT_EQ(row, filled(expected, config.longest - 1)) << variant << " " << i;
    }
  }
}

}  // namespace
}  // namespace timetrial
