#include "entries_wmt.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <sstream>
#include <string>

#include <zlib.h>

#include "harness/errors/user_error.h"
#include "harness/text/utf8.h"
#include "require.h"
#include "workloads/metrics/bleu_tokens.h"
#include "workloads/wmt/help_paragraphs.h"
#include "workloads/wmt/parallel_lines.h"
#include "workloads/wmt/sentence_packing.h"

namespace timetrial {
namespace {

constexpr uint16_t kEnd = 2;

void require_whole(const TokenizedPairs& pairs) {
  for (uint32_t pair = 0; pair < pairs.count(); ++pair) {
    for (const auto sentence : {pairs.source(pair), pairs.target(pair)}) {
      require(!sentence.empty() && static_cast<int64_t>(sentence.size()) <= pairs.longest(), "length");
      require(sentence.back() == kEnd, "a sentence ends");
      for (const uint16_t token : sentence) require(token < pairs.pieces(), "a token of the vocabulary");
    }
  }
  std::vector<uint32_t> order(pairs.count());
  std::iota(order.begin(), order.end(), 0U);
  size_t packed = 0;
  for (const auto& row : pack_rows(pairs, order, pairs.longest())) packed += row.size();
  require(packed == pairs.count(), "every pair is in a row");
}

void read_pairs_of(std::string_view bytes) {
  try {
    const TokenizedPairs pairs = parse_tokenized_pairs(bytes, "file");
    require_whole(pairs);
    require(pairs.bytes() == bytes, "written as read");
  } catch (const UserError&) {
  }
}

}  // namespace

void fuzz_wmt_lines(std::string_view bytes) {
  const size_t cut = std::min(bytes.find('\0'), bytes.size());
  std::istringstream source{std::string(bytes.substr(0, cut))};
  std::istringstream target{std::string(bytes.substr(std::min(cut + 1, bytes.size())))};
  ParallelLines lines(source, target, "source", "target");
  try {
    while (const auto pair = lines.next()) {
      require(is_utf8(pair->source) && is_utf8(pair->target), "UTF-8");
      require(!pair->source.empty() && !pair->target.empty(), "no empty side");
    }
  } catch (const UserError&) {
  }
  require(lines.skipped() <= lines.lines(), "skipped lines were read");
}

void fuzz_wmt_pairs(std::string_view bytes) {
  read_pairs_of(bytes);
  if (bytes.size() < sizeof(uint32_t)) return;
  std::string summed(bytes);
  const size_t end = summed.size() - sizeof(uint32_t);
  const auto crc = static_cast<uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(summed.data()), end));
  std::memcpy(summed.data() + end, &crc, sizeof(crc));
  read_pairs_of(summed);
}

void fuzz_wmt_help(std::string_view bytes) {
  for (const auto& [id, text] : help_paragraphs(bytes)) {
    require(!text.empty() && text.front() != ' ' && text.back() != ' ', "text without space around it");
    for (const std::string& token : bleu_tokens(text)) require(!token.empty(), "no empty token");
  }
  bleu_tokens(bytes);
}

}  // namespace timetrial
