#include "workloads/librispeech/mini_librispeech.h"

#include <cstdio>
#include <map>
#include <span>

#include "harness/errors/user_error.h"
#include "harness/random/split_mix.h"
#include "workloads/data/disk_flush.h"
#include "workloads/data/package_download.h"
#include "workloads/data/whole_file.h"
#include "workloads/librispeech/asterisk_prompts.h"
#include "workloads/librispeech/flac_file.h"
#include "workloads/librispeech/g722.h"
#include "workloads/librispeech/speed_perturbation.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSounds = "asterisk-core-sounds-en-g722";
constexpr const char* kTexts = "asterisk-core-sounds-en";
constexpr const char* kSoundsInPackage = "usr/share/asterisk/sounds/en_US_f_Allison";
constexpr const char* kTextInPackage = "usr/share/doc/asterisk-core-sounds-en/core-sounds-en.txt";
constexpr int64_t kDownloadBytes = 10'620'000;
constexpr int64_t kDiskBytes = 250'000'000;
constexpr size_t kHeldOut = 45;    // groups of prompts for each of validation and test
constexpr int kLargestString = 4;  // prompts

using Recordings = std::map<std::string, std::vector<int16_t>>;  // by the prompt's name

struct Subset {
  const char* name;
  int chapter;
  size_t utterances;
  int64_t speed_change;  // most, in parts of kSpeedUnit, of a prompt in a string
};
constexpr Subset kTrain = {"train-clean-100", 1, 4000, 3};
constexpr Subset kValidation = {"dev-clean", 2, 200, 0};
constexpr Subset kTest = {"test-clean", 3, 200, 0};

std::string transcript_list(const fs::path& package) {
  for (const char* ending : {"", ".gz"}) {
    const fs::path file = package / (std::string(kTextInPackage) + ending);
    if (fs::exists(file)) return read_gzip_or_plain(file);
  }
  throw UserError({"the package does not hold the expected file", kTexts, kTextInPackage,
                   "install the version of Debian 12, or report this version"});
}

// The prompts whose recording is there and short enough, and those recordings.
std::vector<Prompt> record(const std::vector<Prompt>& prompts, const fs::path& sounds,
                           Recordings& recordings) {
  std::vector<Prompt> recorded;
  for (const Prompt& prompt : prompts) {
    const fs::path file = sounds / (prompt.name + ".g722");
    if (!fs::exists(file)) continue;
    auto samples = decode_g722(read_whole_file(file));
    if (samples.empty() || static_cast<int64_t>(samples.size()) > kMiniLargestUtterance) continue;
    recordings[prompt.name] = std::move(samples);
    recorded.push_back(prompt);
  }
  return recorded;
}

// Draws strings of prompts, each at a speed of its own; the same on every machine.
class PromptStrings {
 public:
  PromptStrings(const std::vector<Prompt>& prompts, const Recordings& recordings, const Subset& subset)
      : prompts_(prompts),
        recordings_(recordings),
        speed_change_(subset.speed_change),
        state_(static_cast<uint64_t>(subset.chapter)) {}

  Prompt next(std::vector<int16_t>& samples) {
    Prompt result;
    const auto length = static_cast<int>(2 + draw(kLargestString - 1));
    samples.clear();
    for (int i = 0; i < length; ++i) {
      const Prompt& prompt = prompts_[draw(prompts_.size())];
      const std::vector<int16_t> more = play_at_speed(recordings_.at(prompt.name), draw_speed());
      if (static_cast<int64_t>(samples.size() + more.size()) > kMiniLargestUtterance) continue;
      samples.insert(samples.end(), more.begin(), more.end());
      result.transcript += (result.transcript.empty() ? "" : " ") + prompt.transcript;
    }
    return result;
  }

 private:
  int64_t draw_speed() {
    return kSpeedUnit - speed_change_ +
           static_cast<int64_t>(draw(static_cast<uint64_t>(2 * speed_change_ + 1)));
  }

  uint64_t draw(uint64_t bound) { return split_mix_bits(state_ += kSplitMixIncrement) % bound; }

  const std::vector<Prompt>& prompts_;
  const Recordings& recordings_;
  int64_t speed_change_;
  uint64_t state_;
};

void write_subset(const std::vector<Prompt>& prompts, const Recordings& recordings, const Subset& subset,
                  const fs::path& data_set, const PreparationProgress& progress) {
  std::error_code error;
  fs::remove_all(data_set / subset.name, error);  // what an interrupted run left
  const std::string chapter = "1-" + std::to_string(subset.chapter);
  const fs::path folder = data_set / subset.name / "1" / std::to_string(subset.chapter);
  fs::create_directories(folder, error);
  PromptStrings strings(prompts, recordings, subset);
  std::string transcripts;
  std::vector<int16_t> samples;
  for (size_t i = 0; i < subset.utterances; ++i) {
    Prompt prompt;
    if (i < prompts.size()) {
      prompt = prompts[i];
      samples = recordings.at(prompt.name);
    } else {
      prompt = strings.next(samples);
    }
    char number[32];
    std::snprintf(number, sizeof(number), "-%04zu", i);
    const std::string id = chapter + number;
    write_flac(folder / (id + ".flac"), samples);
    transcripts += id + " " + prompt.transcript + "\n";
    progress(std::string("utterances of ") + subset.name + " written", static_cast<int64_t>(i + 1),
             static_cast<int64_t>(subset.utterances));
  }
  write_whole_file(folder / (chapter + ".trans.txt"), transcripts);
}

}  // namespace

PreparationPlan mini_librispeech_plan() {
  return {kDownloadBytes, kDiskBytes, {kSounds, kTexts}};
}

void write_mini_librispeech(const fs::path& data_set, const fs::path& cache,
                            const PreparationProgress& progress) {
  progress("downloading", 0, kDownloadBytes);
  const fs::path sounds = fetch_debian_package(kSounds, cache) / kSoundsInPackage;
  const std::string text = transcript_list(fetch_debian_package(kTexts, cache));
  progress("downloading", kDownloadBytes, kDownloadBytes);
  Recordings recordings;
  const PromptSplits splits = split_prompts(record(parse_prompts(text), sounds, recordings), kHeldOut);
  if (splits.validation.empty() || splits.test.empty()) {
    throw UserError({"the packages hold other prompts than expected", sounds.string(),
                     std::to_string(recordings.size()) + " usable recordings",
                     "install the version of Debian 12, or report this version"});
  }
  write_subset(splits.train, recordings, kTrain, data_set, progress);
  write_subset(splits.validation, recordings, kValidation, data_set, progress);
  write_subset(splits.test, recordings, kTest, data_set, progress);
  flush_disk(data_set);
}

}  // namespace timetrial
