#pragma once

// Sentence pairs as numbers of vocabulary pieces, in memory and in a file.
//
// File, little-endian: "ttpairs1"; uint64 pieces of the vocabulary, longest sentence, pairs, tokens of all
// sources, tokens of all targets; uint16 length of every source, of every target; uint16 tokens of all
// sources, of all targets; uint32 CRC-32 of everything before. Every sentence ends with kEndPiece and has at
// least that.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace timetrial {

class TokenizedPairs {
 public:
  // At most 65,536 pieces. Throws std::logic_error.
  TokenizedPairs(int64_t pieces, int64_t longest);

  int64_t pieces() const { return pieces_; }
  int64_t longest() const { return longest_; }
  uint32_t count() const { return static_cast<uint32_t>(sources_.ends.size()); }

  std::span<const uint16_t> source(uint32_t pair) const { return sources_.sentence(pair); }
  std::span<const uint16_t> target(uint32_t pair) const { return targets_.sentence(pair); }

  // Throws std::logic_error for a sentence that is empty, longer than the longest, or holds a token that is
  // not in the vocabulary.
  void add(std::span<const int32_t> source, std::span<const int32_t> target);

  std::string bytes() const;

 private:
  friend TokenizedPairs parse_tokenized_pairs(std::string_view, const std::string&);

  struct Side {
    std::vector<uint64_t> ends;    // of each sentence, in tokens
    std::vector<uint16_t> tokens;  // of all sentences

    std::span<const uint16_t> sentence(uint32_t i) const {
      const uint64_t begin = i == 0 ? 0 : ends[i - 1];
      return std::span(tokens).subspan(begin, ends[i] - begin);
    }
  };

  void add_sentence(Side& side, std::span<const int32_t> sentence) const;

  int64_t pieces_;
  int64_t longest_;
  Side sources_, targets_;
};

// Throws UserError, naming `file`, for anything that bytes() never writes.
TokenizedPairs parse_tokenized_pairs(std::string_view bytes, const std::string& file);

}  // namespace timetrial
