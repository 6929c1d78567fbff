#include "workloads/finewebedu_lm/byte_pairs.h"

#include <algorithm>
#include <limits>
#include <queue>

#include <nlohmann/json.hpp>

#include "harness/errors/user_error.h"
#include "workloads/finewebedu_lm/pre_tokens.h"

namespace timetrial {
namespace {

constexpr const char* kModelFilesCure = "give merges.txt and vocab.json of GPT-2, both of one model";
constexpr size_t kRememberedWords = 1 << 20;
constexpr size_t kLongestRememberedWord = 64;  // bytes
constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

bool shown_by_latin1(int byte) {
  return (byte >= 33 && byte <= 126) || (byte >= 161 && byte != 173);
}

// Characters below U+0800, which is all there is.
std::string utf8_of(int character) {
  if (character < 0x80) return {static_cast<char>(character)};
  return {static_cast<char>(0xC0 | character >> 6), static_cast<char>(0x80 | (character & 0x3F))};
}

uint64_t pair_of(uint32_t left, uint32_t right) {
  return static_cast<uint64_t>(left) << 32 | right;
}

std::vector<std::string> byte_names() {
  std::vector<std::string> names;
  int next = 0x100;
  for (int byte = 0; byte < 256; ++byte) names.push_back(utf8_of(shown_by_latin1(byte) ? byte : next++));
  return names;
}

const std::vector<std::string>& names_of_bytes() {
  static const std::vector<std::string> names = byte_names();
  return names;
}

// A symbol of a word under work, linked to its neighbours.
struct Node {
  uint32_t symbol;
  uint32_t before;
  uint32_t after;
};

struct Candidate {
  uint32_t rank;
  uint32_t place;
  uint64_t pair;
  bool operator>(const Candidate& other) const {
    return rank != other.rank ? rank > other.rank : place > other.place;
  }
};

}  // namespace

std::string bytes_as_text(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += names_of_bytes()[static_cast<uint8_t>(byte)];
  return text;
}

BytePairs::BytePairs(std::string_view merges, const std::string& merges_source, const std::string& vocabulary,
                     const std::string& vocabulary_source)
    : vocabulary_source_(vocabulary_source) {
  for (const std::string& name : names_of_bytes()) symbol(name);
  read_merges(merges, merges_source);
  assign_ids(vocabulary, vocabulary_source);
}

uint32_t BytePairs::symbol(const std::string& token) {
  return symbols_.emplace(token, static_cast<uint32_t>(symbols_.size())).first->second;
}

uint32_t BytePairs::known_symbol(const std::string& token, const std::string& where) const {
  const auto found = symbols_.find(token);
  if (found == symbols_.end()) {
    throw UserError({"a merge needs a token that no earlier line makes", where, token, kModelFilesCure});
  }
  return found->second;
}

void BytePairs::read_merges(std::string_view merges, const std::string& source) {
  for (size_t number = 1; !merges.empty(); ++number) {
    const size_t end = std::min(merges.find('\n'), merges.size());
    std::string_view line = merges.substr(0, end);
    merges.remove_prefix(std::min(end + 1, merges.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || (number == 1 && line.starts_with("#version"))) continue;
    const std::string where = source + ", line " + std::to_string(number);
    const size_t gap = line.find(' ');
    if (gap == std::string_view::npos || line.find(' ', gap + 1) != std::string_view::npos) {
      throw UserError(
          {"a merge is two tokens with a space between them", where, std::string(line), kModelFilesCure});
    }
    const std::string left(line.substr(0, gap));
    const std::string right(line.substr(gap + 1));
    const uint64_t pair = pair_of(known_symbol(left, where), known_symbol(right, where));
    const Merge merge{static_cast<uint32_t>(merges_.size()), symbol(left + right)};
    if (!merges_.emplace(pair, merge).second) {
      throw UserError({"the merge stands there twice", where, std::string(line), kModelFilesCure});
    }
  }
}

void BytePairs::assign_ids(const std::string& vocabulary, const std::string& source) {
  const auto json = nlohmann::json::parse(vocabulary, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object())
    throw UserError({"the vocabulary is not a JSON object", source, "", kModelFilesCure});
  for (const auto& [token, id] : json.items()) {
    if (!id.is_number_unsigned() || id.get<uint64_t>() > std::numeric_limits<uint16_t>::max()) {
      throw UserError({"the id of a token is not a whole number below 65536", source,
                       token + ": " + id.dump(), kModelFilesCure});
    }
    vocabulary_[token] = id.get<uint16_t>();
    tokens_ = std::max<int64_t>(tokens_, id.get<int64_t>() + 1);
  }
  ids_.resize(symbols_.size());
  for (const auto& [token, number] : symbols_) ids_[number] = id_of(token);
}

uint16_t BytePairs::id_of(const std::string& token) const {
  const auto found = vocabulary_.find(token);
  if (found == vocabulary_.end()) {
    throw UserError({"the vocabulary has no id for a token", vocabulary_source_, token, kModelFilesCure});
  }
  return found->second;
}

void BytePairs::encode(std::string_view text, std::vector<uint16_t>& ids) {
  while (!text.empty()) {
    const std::string_view word = text.substr(0, pre_token_bytes(text));
    text.remove_prefix(word.size());
    if (word.size() > kLongestRememberedWord) {
      const auto fresh = encode_word(word);
      ids.insert(ids.end(), fresh.begin(), fresh.end());
      continue;
    }
    if (words_.size() >= kRememberedWords) words_.clear();
    const auto [entry, is_new] = words_.try_emplace(std::string(word));
    if (is_new) entry->second = encode_word(word);
    ids.insert(ids.end(), entry->second.begin(), entry->second.end());
  }
}

// Merges all places of the pair of the lowest rank, from left to right, and begins again, until no pair is
// left.
std::vector<uint16_t> BytePairs::encode_word(std::string_view word) const {
  std::vector<Node> nodes;
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> candidates;
  const auto offer = [&](uint32_t place) {
    if (place == kNone || nodes[place].symbol == kNone || nodes[place].after == kNone) return;
    const uint64_t pair = pair_of(nodes[place].symbol, nodes[nodes[place].after].symbol);
    const auto merge = merges_.find(pair);
    if (merge != merges_.end()) candidates.push({merge->second.rank, place, pair});
  };
  for (size_t i = 0; i < word.size(); ++i) {
    const auto place = static_cast<uint32_t>(i);
    // The bytes' symbols are their values: they were numbered first.
    nodes.push_back({static_cast<uint8_t>(word[i]), place == 0 ? kNone : place - 1,
                     i + 1 == word.size() ? kNone : place + 1});
  }
  for (uint32_t place = 0; place < nodes.size(); ++place) offer(place);
  std::vector<uint32_t> changed;
  while (!candidates.empty()) {
    const uint32_t rank = candidates.top().rank;
    changed.clear();
    for (; !candidates.empty() && candidates.top().rank == rank; candidates.pop()) {
      const Candidate& candidate = candidates.top();
      Node& left = nodes[candidate.place];
      if (left.symbol == kNone || left.after == kNone ||
          pair_of(left.symbol, nodes[left.after].symbol) != candidate.pair) {
        continue;  // a part of it was merged since
      }
      Node& right = nodes[left.after];
      left.symbol = merges_.at(candidate.pair).result;
      right.symbol = kNone;
      left.after = right.after;
      if (left.after != kNone) nodes[left.after].before = candidate.place;
      changed.push_back(left.before);
      changed.push_back(candidate.place);
    }
    for (const uint32_t place : changed) offer(place);
  }
  std::vector<uint16_t> ids;
  for (uint32_t place = word.empty() ? kNone : 0; place != kNone; place = nodes[place].after) {
    ids.push_back(ids_[nodes[place].symbol]);
  }
  return ids;
}

}  // namespace timetrial
