#include "workloads/librispeech/librispeech_preparation.h"

#include "harness/digest/sha256.h"
#include "harness/errors/user_error.h"
#include "workloads/data/whole_file.h"
#include "workloads/librispeech/chapters.h"
#include "workloads/librispeech/flac_file.h"
#include "workloads/librispeech/mini_librispeech.h"
#include "workloads/librispeech/speech_tokenizer.h"
#include "workloads/librispeech/utterances.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

const std::map<std::string, int64_t> kFullTranscripts = {
    {"train-clean-100", 28539}, {"train-clean-360", 104014}, {"train-other-500", 148688},
    {"dev-clean", 2703},        {"dev-other", 2864},         {"test-clean", 2620}};
const std::map<std::string, int64_t> kMiniTranscripts = {
    {"train-clean-100", 4000}, {"dev-clean", 200}, {"test-clean", 200}};
constexpr size_t kDigestDigits = 12;

void require_recordings(const Chapter& chapter) {
  for (const Transcript& transcript : chapter.transcripts) {
    const fs::path file = chapter.folder / (transcript.id + ".flac");
    if (!fs::exists(file)) {
      throw UserError({"the recording of a transcript is missing", file.string(), "",
                       "unpack the subset's official archive again"});
    }
  }
  if (chapter.files_without_transcript > 0) {
    throw UserError({"recordings have no transcript", chapter.folder.string(),
                     std::to_string(chapter.files_without_transcript) + " FLAC files",
                     "unpack the subset's official archive again, or remove these files"});
  }
}

void check_subset(const fs::path& folder, int64_t expected, const PreparationProgress& progress) {
  const auto chapters = read_chapters(folder);
  int64_t found = 0;
  for (const Chapter& chapter : chapters) found += static_cast<int64_t>(chapter.transcripts.size());
  if (found != expected) {
    throw UserError({"the subset does not hold " + std::to_string(expected) + " transcripts", folder.string(),
                     std::to_string(found), "complete it from the official archive"});
  }
  int64_t checked = 0;
  for (const Chapter& chapter : chapters) {
    require_recordings(chapter);
    if (!chapter.transcripts.empty()) {
      read_flac(chapter.folder / (chapter.transcripts.front().id + ".flac"));
    }
    progress("chapters of " + folder.filename().string() + " checked", ++checked,
             static_cast<int64_t>(chapters.size()));
  }
}

void add_to_digest(const UtteranceSplit& split, Sha256& digest) {
  for (const Utterance& utterance : split.utterances) {
    const std::string line =
        utterance.id + " " + std::to_string(utterance.samples) + " " + utterance.transcript + "\n";
    digest.update(line.data(), line.size());
  }
}

class LibrispeechPreparation : public DataPreparation {
 public:
  std::string data_set() const override { return "librispeech"; }

  PreparationPlan mini_plan() const override { return mini_librispeech_plan(); }

  void make_mini(const fs::path& data_set, const fs::path& cache,
                 const PreparationProgress& progress) const override {
    if (fs::exists(data_set / "manifest.json")) return;
    write_mini_librispeech(data_set, cache, progress);
    check_librispeech(data_set, kMiniTranscripts, kMiniSpeechPieces, "librispeech-mini-asterisk-prompts",
                      "Asterisk's English telephone prompts (Allison Smith, CC-BY-SA-3.0), single and strung "
                      "together at several speeds, in LibriSpeech's folders",
                      progress);
  }

  void check_full(const fs::path& data_set, const PreparationProgress& progress) const override {
    check_librispeech(data_set, kFullTranscripts, kSpeechPieces, "librispeech-full",
                      "LibriSpeech (CC-BY-4.0), brought by the user", progress);
  }
};

}  // namespace

void check_librispeech(const fs::path& data_set, const std::map<std::string, int64_t>& transcripts,
                       int64_t pieces, const std::string& id, const std::string& description,
                       const PreparationProgress& progress) {
  for (const auto& [subset, expected] : transcripts) check_subset(data_set / subset, expected, progress);
  progress("training the tokenizer", 0, 0);
  train_speech_tokenizer(data_set, pieces);
  const SentencePieceModel tokenizer(speech_tokenizer_file(data_set), pieces);
  Sha256 digest;
  const std::string model = read_whole_file(speech_tokenizer_file(data_set));
  digest.update(model.data(), model.size());
  std::map<std::string, int64_t> examples;
  const std::pair<const char*, SpeechSplit> splits[] = {
      {"train", SpeechSplit::train}, {"validation", SpeechSplit::validation}, {"test", SpeechSplit::test}};
  for (const auto& [name, split] : splits) {
    progress(std::string("reading the headers of ") + name, 0, 0);
    const UtteranceSplit read = read_utterances(data_set, split, tokenizer);
    add_to_digest(read, digest);
    examples[name] = static_cast<int64_t>(read.utterances.size());
  }
  write_manifest(data_set, {id + "-" + digest.finish().substr(0, kDigestDigits), description, examples});
}

std::unique_ptr<DataPreparation> librispeech_preparation() {
  return std::make_unique<LibrispeechPreparation>();
}

bool holds_back_librispeech_data_set(const std::string& name) {
  return name.starts_with("dev-") || name.starts_with("test-");
}

}  // namespace timetrial
