#include "workloads/librispeech/flac_file.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include <sndfile.h>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

constexpr int64_t kBlock = 16384;  // samples read at once: what a header promises is never allocated unseen

struct Closer {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
using SoundFile = std::unique_ptr<SNDFILE, Closer>;

UserError broken(const std::filesystem::path& file, const std::string& why) {
  return UserError({"the recording cannot be read to its end", file.string(), why,
                    "a frame of it is broken or missing: copy it again from the official archive"});
}

SoundFile open_flac(const std::filesystem::path& file, SF_INFO& info) {
  info = {};
  SoundFile sound(sf_open(file.c_str(), SFM_READ, &info));
  if (!sound) {
    throw UserError({"the recording cannot be opened as FLAC", file.string(), sf_strerror(nullptr),
                     "copy it again from the official archive"});
  }
  const bool is_flac = (info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_FLAC;
  if (!is_flac || (info.format & SF_FORMAT_SUBMASK) != SF_FORMAT_PCM_16 ||
      info.samplerate != kSpeechSampleRate || info.channels != 1) {
    std::array<char, 16> format{};
    std::snprintf(format.data(), format.size(), "%08x", static_cast<unsigned>(info.format));
    throw UserError({"the recording is not FLAC of 16000 Hz, one channel and 16 bits", file.string(),
                     std::to_string(info.samplerate) + " Hz, channels: " + std::to_string(info.channels) +
                         ", libsndfile format " + format.data(),
                     "convert it, or copy the official file"});
  }
  if (info.frames < 0 || info.frames == SF_COUNT_MAX) {
    throw broken(file, "its header does not tell how many samples it has");
  }
  return sound;
}

}  // namespace

int64_t flac_samples(const std::filesystem::path& file) {
  SF_INFO info;
  open_flac(file, info);
  return info.frames;
}

std::vector<float> read_flac(const std::filesystem::path& file) {
  SF_INFO info;
  const SoundFile sound = open_flac(file, info);
  std::vector<float> samples;
  std::vector<int16_t> block(kBlock);
  while (static_cast<int64_t>(samples.size()) < info.frames) {
    const int64_t wanted = std::min(kBlock, info.frames - static_cast<int64_t>(samples.size()));
    const int64_t got = sf_readf_short(sound.get(), block.data(), wanted);
    if (sf_error(sound.get()) != SF_ERR_NO_ERROR) throw broken(file, sf_strerror(sound.get()));
    if (got <= 0) {
      throw broken(file, std::to_string(samples.size()) + " of " + std::to_string(info.frames) + " samples");
    }
    samples.insert(samples.end(), block.begin(), block.begin() + got);
  }
  return samples;
}

void write_flac(const std::filesystem::path& file, std::span<const int16_t> samples) {
  SF_INFO info{};
  info.samplerate = static_cast<int>(kSpeechSampleRate);
  info.channels = 1;
  info.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
  SNDFILE* sound = sf_open(file.c_str(), SFM_WRITE, &info);
  const auto count = static_cast<sf_count_t>(samples.size());
  const bool written = sound != nullptr && sf_write_short(sound, samples.data(), count) == count;
  if ((sound == nullptr || sf_close(sound) != 0) || !written) {
    throw UserError({"the recording cannot be written", file.string(), sf_strerror(nullptr),
                     "free space on this disk, or check that you may write there"});
  }
}

}  // namespace timetrial
