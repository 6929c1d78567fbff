#include "workloads/finewebedu_lm/mini_texts.h"

#include <algorithm>
#include <array>
#include <optional>

#include "harness/errors/user_error.h"
#include "harness/random/split_mix.h"
#include "harness/text/utf8.h"
#include "workloads/data/package_download.h"
#include "workloads/data/seeded_order.h"
#include "workloads/data/sentence_piece.h"
#include "workloads/data/whole_file.h"
#include "workloads/finewebedu_lm/markup_text.h"
#include "workloads/finewebedu_lm/sword_module.h"
#include "workloads/finewebedu_lm/token_writer.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCommentary = "sword-comm-tdavid";
constexpr const char* kCommentaryInPackage = "usr/share/sword/modules/comments/zcom/tdavid";
constexpr const char* kManual = "postgresql-doc-15";
constexpr const char* kManualInPackage = "usr/share/doc/postgresql-doc-15/html";
constexpr int64_t kDownloadBytes = 7'200'000;
constexpr int64_t kDiskBytes = 60'000'000;
constexpr size_t kShortestParagraph = 80;  // bytes: shorter ones are titles and entries of lists
constexpr uint64_t kHeldOutOneIn = 50;     // documents, for each of validation and test
constexpr int64_t kLargestHeldOut = 256;   // runs of each: an evaluation must take seconds
constexpr size_t kVocabularyOneIn = 4;     // paragraphs that the tokenizer learns from
constexpr const char* kPackageCure = "install the version of Debian 12, or report this version";

const MarkupRules kOsisRules = {{"div", "chapter", "title", "verse", "lb", "p", "l", "lg"},
                                {"title", "note"}};
const MarkupRules kHtmlRules = {
    {"p", "div", "td", "th", "tr", "li", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "table", "hr"},
    {"script", "style", "pre", "head", "sup"}};

using Document = std::vector<std::string>;  // paragraphs

void add_document(std::string_view markup, const MarkupRules& rules, std::vector<Document>& documents) {
  Document document;
  for (std::string& paragraph : markup_paragraphs(markup, rules)) {
    if (paragraph.size() >= kShortestParagraph && is_utf8(paragraph))
      document.push_back(std::move(paragraph));
  }
  if (!document.empty()) documents.push_back(std::move(document));
}

std::vector<Document> read_commentary(const fs::path& folder) {
  std::vector<Document> documents;
  const std::string index = read_whole_file(folder / "ot.czs");
  for (const std::string& chapter :
       read_sword_blocks(index, read_whole_file(folder / "ot.czz"), kCommentary)) {
    add_document(chapter, kOsisRules, documents);
  }
  return documents;
}

std::vector<Document> read_manual(const fs::path& folder) {
  std::vector<fs::path> pages;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() == ".html") pages.push_back(entry->path());
  }
  std::sort(pages.begin(), pages.end());
  std::vector<Document> documents;
  for (const fs::path& page : pages) add_document(read_whole_file(page), kHtmlRules, documents);
  if (documents.empty())
    throw UserError({"the package does not hold the expected pages", kManual, folder.string(), kPackageCure});
  return documents;
}

void train_tokenizer(const std::vector<Document>& documents, const fs::path& file) {
  std::vector<const std::string*> paragraphs;
  for (const Document& document : documents) {
    for (const std::string& paragraph : document) paragraphs.push_back(&paragraph);
  }
  size_t next = 0;
  SentencePieceTraining training;
  training.pieces = kMiniPieces;
  training.character_coverage = 0.9995;
  train_sentence_piece(
      training,
      [&]() -> std::optional<std::string> {
        if (next >= paragraphs.size()) return std::nullopt;
        const std::string& paragraph = *paragraphs[next];
        next += kVocabularyOneIn;
        return paragraph;
      },
      file);
}

// Paragraphs in an order of no meaning, so that the first runs stand for all.
std::vector<Document> mixed_paragraphs(const std::vector<Document>& documents) {
  std::vector<Document> paragraphs;
  for (const Document& document : documents) {
    for (const std::string& paragraph : document) paragraphs.push_back({paragraph});
  }
  std::vector<Document> mixed;
  for (const uint32_t index : seeded_order(static_cast<uint32_t>(paragraphs.size()), 0, 0)) {
    mixed.push_back(std::move(paragraphs[index]));
  }
  return mixed;
}

int64_t write_split(const std::vector<Document>& documents, const SentencePieceModel& tokenizer,
                    const fs::path& file, const PreparationProgress& progress) {
  TokenWriter writer(file);
  int64_t done = 0;
  for (const Document& document : documents) {
    std::vector<uint16_t> tokens;
    for (const std::string& paragraph : document) {
      for (const int32_t id : tokenizer.encode(paragraph)) tokens.push_back(static_cast<uint16_t>(id));
      tokens.push_back(kEndPiece);
    }
    writer.write(tokens);
    progress("documents of " + file.filename().string() + " encoded", ++done,
             static_cast<int64_t>(documents.size()));
  }
  writer.finish();
  return writer.count() / kMiniRunLength;
}

}  // namespace

PreparationPlan mini_texts_plan() {
  return {kDownloadBytes, kDiskBytes, {kCommentary, kManual}};
}

TokenSplits write_mini_texts(const fs::path& data_set, const fs::path& cache,
                             const PreparationProgress& progress) {
  progress("downloading", 0, kDownloadBytes);
  std::vector<Document> documents =
      read_commentary(fetch_debian_package(kCommentary, cache) / kCommentaryInPackage);
  std::vector<Document> pages = read_manual(fetch_debian_package(kManual, cache) / kManualInPackage);
  progress("downloading", kDownloadBytes, kDownloadBytes);
  std::move(pages.begin(), pages.end(), std::back_inserter(documents));
  std::array<std::vector<Document>, 3> splits;  // train, validation, test
  for (size_t i = 0; i < documents.size(); ++i) {
    const uint64_t draw = split_mix_bits(i + kSplitMixIncrement) % kHeldOutOneIn;
    splits[draw == 0 ? 1 : draw == 1 ? 2 : 0].push_back(std::move(documents[i]));
  }
  const fs::path tokenizer_file = data_set / "tokenizer.model";
  progress("training the tokenizer", 0, 0);
  if (!fs::exists(tokenizer_file)) train_tokenizer(splits[0], tokenizer_file);
  const SentencePieceModel tokenizer(tokenizer_file, kMiniPieces);
  const auto write = [&](const std::vector<Document>& split, const char* name) {
    return write_split(split, tokenizer, token_file(data_set, name), progress);
  };
  const int64_t train = write(splits[0], "train");
  const int64_t validation = std::min(write(mixed_paragraphs(splits[1]), "validation"), kLargestHeldOut);
  const int64_t test = std::min(write(mixed_paragraphs(splits[2]), "test"), kLargestHeldOut);
  return {kMiniRunLength, kMiniPieces, train, validation, test};
}

}  // namespace timetrial
