#include "workloads/wmt/wmt_data.h"

#include <algorithm>
#include <utility>

#include "harness/errors/user_error.h"
#include "workloads/data/whole_file.h"

namespace timetrial {
namespace {

constexpr int64_t kVocabularyBytes = 10'000'000;
constexpr int64_t kLinesPerReport = 10'000;

std::vector<int32_t> pieces_of(const std::string& text, const SentencePieceModel& vocabulary) {
  std::vector<int32_t> pieces = vocabulary.encode(text);
  pieces.push_back(kEndPiece);
  return pieces;
}

}  // namespace

TokenizedPairs tokenize_pairs(ParallelLines& lines, const SentencePieceModel& vocabulary,
                              const TextLimits& limits, TextCounts& counts,
                              const std::function<void(int64_t lines)>& progress) {
  TokenizedPairs pairs(limits.pieces, limits.longest);
  while (const auto pair = lines.next()) {
    const auto source = pieces_of(pair->source, vocabulary);
    const auto target = pieces_of(pair->target, vocabulary);
    if (lines.lines() % kLinesPerReport == 0) progress(lines.lines());
    if (std::cmp_greater(std::max(source.size(), target.size()), limits.longest)) {
      ++counts.too_long;
      continue;
    }
    pairs.add(source, target);
  }
  counts.lines = lines.lines();
  counts.skipped = lines.skipped();
  return pairs;
}

void train_vocabulary(ParallelLines& lines, const TextLimits& limits, const std::filesystem::path& file) {
  int64_t bytes = 0;
  std::optional<std::string> target;
  const auto counted = [&](std::string text) {
    bytes += static_cast<int64_t>(text.size()) + 1;
    return text;
  };
  const auto next = [&]() -> std::optional<std::string> {
    if (target) return counted(*std::exchange(target, std::nullopt));
    if (bytes >= kVocabularyBytes) return std::nullopt;
    auto pair = lines.next();
    if (!pair) return std::nullopt;
    target = std::move(pair->target);
    return counted(std::move(pair->source));
  };
  train_sentence_piece({.pieces = limits.pieces}, next, file);
}

TokenizedPairs read_pairs(const std::filesystem::path& folder, const std::string& text,
                          const TextLimits& limits) {
  const std::filesystem::path file = folder / (text + kPairsSuffix);
  TokenizedPairs pairs = parse_tokenized_pairs(read_whole_file(file), file.string());
  if (pairs.pieces() != limits.pieces || pairs.longest() != limits.longest) {
    throw UserError({"the sentence pairs were made with other limits than " + std::to_string(limits.pieces) +
                         " pieces and " + std::to_string(limits.longest) + " tokens a sentence",
                     file.string(),
                     std::to_string(pairs.pieces()) + " and " + std::to_string(pairs.longest()),
                     "delete the file and run `timetrial prepare wmt` again"});
  }
  return pairs;
}

}  // namespace timetrial
