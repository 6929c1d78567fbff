#pragma once

// Subword vocabularies by SentencePiece (Kudo and Richardson 2018): unigram model, ids 0 <unk>, 1 <s>, 2 </s>
// as the library's defaults and AlgoPerf's tokenizers have it.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace timetrial {

inline constexpr int32_t kUnknownPiece = 0;
inline constexpr int32_t kBeginPiece = 1;
inline constexpr int32_t kEndPiece = 2;

// Thread-safe.
class SentencePieceModel {
 public:
  // Reads a `.model` file. Throws UserError when it is missing, damaged, has another number of pieces than
  // `expected_pieces`, or numbers <unk>, <s>, </s> otherwise than 0, 1, 2.
  SentencePieceModel(const std::filesystem::path& file, int64_t expected_pieces);
  ~SentencePieceModel();
  SentencePieceModel(SentencePieceModel&&) noexcept;
  SentencePieceModel& operator=(SentencePieceModel&&) noexcept;

  int64_t pieces() const;

  // Without <s> and </s>. Bytes that are not UTF-8 become the replacement character.
  std::vector<int32_t> encode(std::string_view text) const;

  // Control pieces vanish. Throws UserError for an id outside the vocabulary.
  std::string decode(std::span<const int32_t> ids) const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

struct SentencePieceTraining {
  int64_t pieces = 0;                     // with the three above
  double character_coverage = 1;          // share of characters that get a piece
  int64_t largest_sentence_bytes = 4192;  // longer ones are left out
};

// Trains a unigram model on the sentences that `next` returns until it returns none, and writes it as `file`
// (whole or not at all). The same sentences give the same file. Throws UserError, for instance when the text
// is too small for so many pieces.
void train_sentence_piece(const SentencePieceTraining& training,
                          const std::function<std::optional<std::string>()>& next,
                          const std::filesystem::path& file);

}  // namespace timetrial
