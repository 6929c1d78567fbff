#include "workloads/finewebedu_lm/document_conversion.h"

#include <algorithm>
#include <vector>

#include "harness/errors/user_error.h"
#include "workloads/data/whole_file.h"
#include "workloads/finewebedu_lm/byte_pairs.h"
#include "workloads/finewebedu_lm/documents.h"
#include "workloads/finewebedu_lm/token_writer.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEndOfText = "<|endoftext|>";
constexpr const char* kTextsCure =
    "bring train.bin and val.bin (16-bit tokens), or text/*.jsonl or text/*.txt with merges.txt and "
    "vocab.json of GPT-2";
constexpr size_t kBuffered = 1 << 20;  // tokens

// Fills one token file after the other.
class SplitWriter {
 public:
  SplitWriter(const fs::path& data_set, const TokenSplits& splits)
      : train_(token_file(data_set, "train")),
        validation_(token_file(data_set, "validation")),
        train_tokens_(splits.train_runs * splits.run_length),
        validation_tokens_(splits.validation_runs * splits.run_length) {}

  bool is_full() const { return missing() == 0; }
  int64_t missing() const {
    return missing_in(train_, train_tokens_) + missing_in(validation_, validation_tokens_);
  }

  void write(std::span<const uint16_t> tokens) {
    tokens = fill(train_, train_tokens_, tokens);
    fill(validation_, validation_tokens_, tokens);
  }

  void finish() {
    train_.finish();
    validation_.finish();
  }

 private:
  static int64_t missing_in(const TokenWriter& writer, int64_t wanted) { return wanted - writer.count(); }

  static std::span<const uint16_t> fill(TokenWriter& writer, int64_t wanted,
                                        std::span<const uint16_t> tokens) {
    const size_t taken = std::min(tokens.size(), static_cast<size_t>(missing_in(writer, wanted)));
    writer.write(tokens.first(taken));
    return tokens.subspan(taken);
  }

  TokenWriter train_;
  TokenWriter validation_;
  int64_t train_tokens_;
  int64_t validation_tokens_;
};

BytePairs read_byte_pairs(const fs::path& data_set, const TokenSplits& splits) {
  const fs::path merges = data_set / "merges.txt";
  const fs::path vocabulary = data_set / "vocab.json";
  for (const fs::path& file : {merges, vocabulary}) {
    if (!fs::exists(file))
      throw UserError({"the data set has no tokens yet, nor GPT-2's files", file.string(), "", kTextsCure});
  }
  BytePairs pairs(read_whole_file(merges), merges.string(), read_whole_file(vocabulary), vocabulary.string());
  if (pairs.tokens() != splits.vocabulary) {
    throw UserError({"the vocabulary does not have " + std::to_string(splits.vocabulary) + " tokens",
                     vocabulary.string(), std::to_string(pairs.tokens()), kTextsCure});
  }
  return pairs;
}

}  // namespace

void convert_documents(const fs::path& data_set, const TokenSplits& splits,
                       const PreparationProgress& progress) {
  const auto files = document_files(data_set / "text");
  if (files.empty())
    throw UserError({"the data set has neither tokens nor texts", data_set.string(), "", kTextsCure});
  BytePairs pairs = read_byte_pairs(data_set, splits);
  const uint16_t end = pairs.id_of(kEndOfText);
  SplitWriter writer(data_set, splits);
  std::vector<uint16_t> tokens;
  const auto flush = [&] {
    writer.write(tokens);
    tokens.clear();
  };
  for (const fs::path& file : files) {
    if (writer.is_full()) break;
    const auto bytes = static_cast<int64_t>(fs::file_size(file));
    read_documents(file, [&](const std::string& document, int64_t done) {
      pairs.encode(document, tokens);
      tokens.push_back(end);
      if (tokens.size() < kBuffered && static_cast<int64_t>(tokens.size()) < writer.missing()) return true;
      flush();
      progress("bytes of " + file.filename().string() + " encoded", done, bytes);
      return !writer.is_full();
    });
    flush();
  }
  if (!writer.is_full()) {
    throw UserError({"the texts are too short", (data_set / "text").string(),
                     std::to_string(writer.missing()) + " tokens are missing",
                     "bring all of FineWeb-Edu's sample of 10 billion tokens"});
  }
  writer.finish();
}

}  // namespace timetrial
