#include "workloads/data/sentence_piece.h"

#include <utility>

#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include "harness/errors/user_error.h"
#include "workloads/data/whole_file.h"

// SentencePiece and LibTorch each have a global of this name, of 32 bytes and of 4, and the loader gives both
// the same place: in LibTorch's 4 bytes SentencePiece's object runs over the flags behind it, one of which
// turns a failed allocation into an abort. The program's own definition comes before both and is large enough
// for either.
alignas(32) unsigned char FLAGS_minloglevel[32];

namespace timetrial {
namespace {

constexpr const char* kTrainingThreads = "2";  // part of the result: sums are taken per thread

class Sentences : public sentencepiece::SentenceIterator {
 public:
  explicit Sentences(const std::function<std::optional<std::string>()>& next) : next_(next) { Next(); }

  bool done() const override { return !current_.has_value(); }
  void Next() override { current_ = next_(); }
  const std::string& value() const override { return *current_; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  const std::function<std::optional<std::string>()>& next_;
  std::optional<std::string> current_;
};

}  // namespace

struct SentencePieceModel::Implementation {
  sentencepiece::SentencePieceProcessor processor;
};

SentencePieceModel::SentencePieceModel(const std::filesystem::path& file, int64_t expected_pieces)
    : implementation_(std::make_unique<Implementation>()) {
  auto& processor = implementation_->processor;
  const auto status = processor.LoadFromSerializedProto(read_whole_file(file));
  if (!status.ok()) {
    throw UserError({"this is not a SentencePiece model", file.string(), status.ToString(),
                     "give a .model file, or delete it so that `timetrial prepare` trains one"});
  }
  if (pieces() != expected_pieces) {
    throw UserError({"the SentencePiece model has the wrong number of pieces", file.string(),
                     std::to_string(pieces()),
                     "give a model of " + std::to_string(expected_pieces) +
                         " pieces, or delete it so that `timetrial prepare` trains one"});
  }
  if (processor.unk_id() != kUnknownPiece || processor.bos_id() != kBeginPiece ||
      processor.eos_id() != kEndPiece) {
    throw UserError({"the SentencePiece model numbers its control pieces otherwise", file.string(),
                     "<unk> " + std::to_string(processor.unk_id()) + ", <s> " +
                         std::to_string(processor.bos_id()) + ", </s> " + std::to_string(processor.eos_id()),
                     "train it with unk_id=0, bos_id=1, eos_id=2 (the defaults)"});
  }
}

SentencePieceModel::~SentencePieceModel() = default;
SentencePieceModel::SentencePieceModel(SentencePieceModel&&) noexcept = default;
SentencePieceModel& SentencePieceModel::operator=(SentencePieceModel&&) noexcept = default;

int64_t SentencePieceModel::pieces() const {
  return implementation_->processor.GetPieceSize();
}

std::vector<int32_t> SentencePieceModel::encode(std::string_view text) const {
  std::vector<int> ids;
  const auto status = implementation_->processor.Encode({text.data(), text.size()}, &ids);
  if (!status.ok()) throw std::logic_error("SentencePiece: " + status.ToString());
  return {ids.begin(), ids.end()};
}

std::string SentencePieceModel::decode(std::span<const int32_t> ids) const {
  for (const int32_t id : ids) {
    if (id < 0 || id >= pieces()) {
      throw UserError({"a token is not in the vocabulary", "", std::to_string(id),
                       "the model has " + std::to_string(pieces()) + " pieces; was another one used?"});
    }
  }
  std::string text;
  const auto status = implementation_->processor.Decode(std::vector<int>(ids.begin(), ids.end()), &text);
  if (!status.ok()) throw std::logic_error("SentencePiece: " + status.ToString());
  return text;
}

void train_sentence_piece(const SentencePieceTraining& training,
                          const std::function<std::optional<std::string>()>& next,
                          const std::filesystem::path& file) {
  Sentences sentences(next);
  std::string model;
  const auto status = sentencepiece::SentencePieceTrainer::Train(
      {{"model_type", "unigram"},
       {"vocab_size", std::to_string(training.pieces)},
       {"character_coverage", std::to_string(training.character_coverage)},
       {"max_sentence_length", std::to_string(training.largest_sentence_bytes)},
       {"num_threads", kTrainingThreads},
       {"minloglevel", "2"}},
      &sentences, &model);
  if (!status.ok()) {
    throw UserError({"SentencePiece could not train a vocabulary", file.string(), status.ToString(),
                     "a smaller vocabulary needs less text"});
  }
  write_whole_file(file, model);
}

}  // namespace timetrial
