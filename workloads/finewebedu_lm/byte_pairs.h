#pragma once

// The byte-level byte pair encoding of GPT-2 (Sennrich et al. 2016; Radford et al. 2019), by the merges and
// the vocabulary that the user brings.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace timetrial {

// Not thread-safe: it remembers the words that it met.
class BytePairs {
 public:
  // `merges`: text of merges.txt, a pair of tokens a line, after a first line that begins with "#version";
  // `vocabulary`: text of vocab.json, token -> id. In both, a byte is a printable character
  // (bytes_as_text()). Throws UserError for a merge of tokens that no earlier line makes, for a token without
  // an id and for an id that does not fit 16 bits. The sources are named in errors.
  BytePairs(std::string_view merges, const std::string& merges_source, const std::string& vocabulary,
            const std::string& vocabulary_source);

  int64_t tokens() const { return tokens_; }  // the largest id and one

  // Throws UserError when the vocabulary does not have this token, for instance "<|endoftext|>".
  uint16_t id_of(const std::string& token) const;

  // Appends the ids of `text`, which is well-formed UTF-8.
  void encode(std::string_view text, std::vector<uint16_t>& ids);

 private:
  struct Merge {
    uint32_t rank;
    uint32_t result;
  };

  void read_merges(std::string_view merges, const std::string& source);
  uint32_t symbol(const std::string& token);
  uint32_t known_symbol(const std::string& token, const std::string& where) const;
  void assign_ids(const std::string& vocabulary, const std::string& source);
  std::vector<uint16_t> encode_word(std::string_view word) const;

  // Symbols number the single bytes, then what the merges make, in their order.
  std::unordered_map<std::string, uint32_t> symbols_;
  std::unordered_map<uint64_t, Merge> merges_;  // by the pair of symbols
  std::vector<uint16_t> ids_;                   // by symbol
  std::unordered_map<std::string, uint16_t> vocabulary_;
  std::string vocabulary_source_;
  int64_t tokens_ = 0;
  std::unordered_map<std::string, std::vector<uint16_t>> words_;  // met before
};

// GPT-2's printable names of the 256 bytes: themselves where Latin-1 shows them, else the characters from
// U+0100 on, in order.
std::string bytes_as_text(std::string_view bytes);

}  // namespace timetrial
