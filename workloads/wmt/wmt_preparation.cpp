#include <array>
#include <cstdlib>
#include <fstream>

#include "harness/digest/sha256.h"
#include "harness/errors/user_error.h"
#include "workloads/data/package_download.h"
#include "workloads/data/whole_file.h"
#include "workloads/preparation.h"
#include "workloads/wmt/help_texts.h"
#include "workloads/wmt/wmt_data.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kHelpBytes = 5047400;
constexpr int64_t kDiskBytes = 150'000'000;  // both packages unpacked, texts, pairs
constexpr size_t kMiniHeldOut = 200;
constexpr const char* kMiniIdPrefix = "wmt-mini-help-";
constexpr int64_t kOfficialTraining = 5906184;
constexpr int64_t kTrainingTolerance = 20000;  // parts of WMT17 come in slightly different versions
constexpr int64_t kOfficialValidation = 3000;
constexpr int64_t kOfficialTest = 3003;
constexpr std::array<const char*, 3> kTexts = {kTrainingText, kValidationText, kTestText};

// Two open files and the reader over them.
class TextFiles {
 public:
  TextFiles(const fs::path& folder, const std::string& text)
      : source_name_((folder / (text + kSourceSuffix)).string()),
        target_name_((folder / (text + kTargetSuffix)).string()),
        source_(open(source_name_)),
        target_(open(target_name_)),
        lines_(source_, target_, source_name_, target_name_) {}

  ParallelLines& lines() { return lines_; }

 private:
  static std::ifstream open(const std::string& name) {
    std::ifstream stream(name, std::ios::binary);
    if (!stream) {
      throw UserError({"a text of the data set is missing", name, "",
                       std::string("put train, newstest2013 and newstest2014 there, each as .de and .en, one "
                                   "sentence a line")});
    }
    return stream;
  }

  std::string source_name_, target_name_;
  std::ifstream source_, target_;
  ParallelLines lines_;
};

struct PreparedText {
  TextCounts counts;
  int64_t pairs = 0;
  std::string digest;
};

PreparedText prepare_text(const fs::path& data_set, const std::string& text,
                          const SentencePieceModel& vocabulary, const TextLimits& limits,
                          const PreparationProgress& progress) {
  PreparedText prepared;
  TextFiles files(data_set, text);
  const TokenizedPairs pairs =
      tokenize_pairs(files.lines(), vocabulary, limits, prepared.counts,
                     [&](int64_t done) { progress("lines of " + text + " tokenized", done, 0); });
  const std::string bytes = pairs.bytes();
  Sha256 digest;
  digest.update(bytes.data(), bytes.size());
  prepared.digest = digest.finish();
  prepared.pairs = pairs.count();
  write_whole_file(data_set / (text + kPairsSuffix), bytes);
  progress("lines of " + text + " tokenized", prepared.counts.lines, prepared.counts.lines);
  return prepared;
}

// Vocabulary, unless there is one, and pairs of all texts.
std::array<PreparedText, 3> prepare_texts(const fs::path& data_set, const TextLimits& limits,
                                          const PreparationProgress& progress) {
  for (const char* text : kTexts) TextFiles(data_set, text);  // all there, before anything long starts
  const fs::path vocabulary_file = data_set / kVocabularyFile;
  if (!fs::exists(vocabulary_file)) {
    progress("training the vocabulary", 0, 0);
    TextFiles files(data_set, kTrainingText);
    train_vocabulary(files.lines(), limits, vocabulary_file);
  }
  const SentencePieceModel vocabulary(vocabulary_file, limits.pieces);
  std::array<PreparedText, 3> prepared;
  for (size_t i = 0; i < kTexts.size(); ++i) {
    prepared[i] = prepare_text(data_set, kTexts[i], vocabulary, limits, progress);
  }
  return prepared;
}

std::string left_out(const std::array<PreparedText, 3>& texts) {
  std::string text;
  for (size_t i = 0; i < texts.size(); ++i) {
    text += std::string(i == 0 ? "; left out: " : ", ") + kTexts[i] + " " +
            std::to_string(texts[i].counts.skipped) + " empty and " +
            std::to_string(texts[i].counts.too_long) + " over-long of " +
            std::to_string(texts[i].counts.lines) + " pairs";
  }
  return text;
}

DataSetManifest manifest_of(const std::array<PreparedText, 3>& texts, const std::string& id_prefix,
                            const std::string& description) {
  Sha256 digest;
  for (const PreparedText& text : texts) digest.update(text.digest.data(), text.digest.size());
  return {id_prefix + digest.finish().substr(0, 8),
          description + left_out(texts),
          {{"train", texts[0].pairs}, {"validation", texts[1].pairs}, {"test", texts[2].pairs}}};
}

void write_text(const fs::path& data_set, const std::string& text, const std::vector<SentencePair>& pairs) {
  std::string source, target;
  for (const SentencePair& pair : pairs) {
    source += pair.source + "\n";
    target += pair.target + "\n";
  }
  write_whole_file(data_set / (text + kSourceSuffix), source);
  write_whole_file(data_set / (text + kTargetSuffix), target);
}

bool is_complete(const fs::path& data_set) {
  for (const char* text : kTexts) {
    if (!fs::exists(data_set / (std::string(text) + kPairsSuffix))) return false;
  }
  return fs::exists(data_set / "manifest.json") &&
         read_manifest(data_set, "wmt").id.starts_with(kMiniIdPrefix);
}

void check_count(const fs::path& data_set, const char* text, int64_t found, int64_t expected,
                 int64_t tolerance) {
  if (std::abs(found - expected) <= tolerance) return;
  throw UserError({"the text should hold " + std::to_string(expected) + " pairs of sentences",
                   (data_set / text).string() + kSourceSuffix + ", " + kTargetSuffix, std::to_string(found),
                   "take the German-English text of WMT17 (train) and newstest2013, newstest2014 of WMT14"});
}

class WmtPreparation : public DataPreparation {
 public:
  std::string data_set() const override { return "wmt"; }

  PreparationPlan mini_plan() const override {
    return {kHelpBytes,
            kDiskBytes,
            {"Debian: libreoffice-help-de, libreoffice-help-en-us (5 MB, MPL-2.0; unpacked, not installed)"}};
  }

  void make_mini(const fs::path& data_set, const fs::path& cache,
                 const PreparationProgress& progress) const override {
    if (is_complete(data_set)) return;
    progress("downloading", 0, kHelpBytes);
    const fs::path german = fetch_debian_package(kGermanHelpPackage, cache);
    const fs::path english = fetch_debian_package(kEnglishHelpPackage, cache);
    progress("downloading", kHelpBytes, kHelpBytes);
    const HelpTexts texts = split_help(
        read_help(german, english, [&](int64_t done, int64_t total) { progress("pages read", done, total); }),
        kMiniHeldOut);
    write_text(data_set, kTrainingText, texts.train);
    write_text(data_set, kValidationText, texts.validation);
    write_text(data_set, kTestText, texts.test);
    fs::remove(data_set / kVocabularyFile);  // of other text
    write_manifest(data_set,
                   manifest_of(prepare_texts(data_set, text_limits(true), progress), kMiniIdPrefix,
                               "LibreOffice's help in German and English (MPL-2.0) as parallel lines"));
  }

  void check_full(const fs::path& data_set, const PreparationProgress& progress) const override {
    const auto texts = prepare_texts(data_set, text_limits(false), progress);
    const auto usable = [](const PreparedText& text) { return text.counts.lines - text.counts.skipped; };
    check_count(data_set, kTrainingText, usable(texts[0]), kOfficialTraining, kTrainingTolerance);
    check_count(data_set, kValidationText, usable(texts[1]), kOfficialValidation, 0);
    check_count(data_set, kTestText, usable(texts[2]), kOfficialTest, 0);
    write_manifest(data_set, manifest_of(texts, "wmt-full-", "WMT17 German-English, brought by the user"));
  }
};

}  // namespace

std::unique_ptr<DataPreparation> prepare_wmt() {
  return std::make_unique<WmtPreparation>();
}

bool holds_back_wmt(const std::string& name) {
  return name.starts_with(kValidationText) || name.starts_with(kTestText);
}

}  // namespace timetrial
