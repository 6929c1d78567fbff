#include "workloads/librispeech/flac_file.h"

#include <sndfile.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "speech_files.h"
#include "workloads/data/whole_file.h"

namespace timetrial {
namespace {

using testing::HasSubstr;

void write_sound(const std::filesystem::path& file, int rate, int channels, int format) {
  SF_INFO info{};
  info.samplerate = rate;
  info.channels = channels;
  info.format = format;
  SNDFILE* sound = sf_open(file.c_str(), SFM_WRITE, &info);
  const std::vector<int16_t> samples(static_cast<size_t>(1600 * channels), 7);
  sf_write_short(sound, samples.data(), 1600 * channels);
  sf_close(sound);
}

class FlacFile : public testing::Test {
 protected:
  std::string error_of(const std::filesystem::path& file) {
    return user_error_of([&] { read_flac(file); });
  }

  TemporaryFolder folder_;
};

TEST_F(FlacFile, KeepsEverySample) {
  for (const size_t count : {1U, 399U, 16000U, 40000U}) {
    auto samples = made_up_speech(static_cast<int64_t>(count), 3);
    if (count > 1) samples[0] = -32768, samples[1] = 32767;
    const auto file = folder_.path() / "a.flac";
    write_flac(file, samples);
    EXPECT_EQ(flac_samples(file), static_cast<int64_t>(count));
    EXPECT_EQ(read_flac(file), std::vector<float>(samples.begin(), samples.end()));
  }
}

TEST_F(FlacFile, OtherRatesChannelsAndFormatsAreRefused) {
  const auto file = folder_.path() / "a.flac";
  write_sound(file, 8000, 1, SF_FORMAT_FLAC | SF_FORMAT_PCM_16);
  EXPECT_THAT(error_of(file), testing::AllOf(HasSubstr("a.flac"), HasSubstr("8000 Hz")));
  write_sound(file, 16000, 2, SF_FORMAT_FLAC | SF_FORMAT_PCM_16);
  EXPECT_THAT(error_of(file), HasSubstr("channels: 2"));
  write_sound(file, 16000, 1, SF_FORMAT_FLAC | SF_FORMAT_PCM_24);
  EXPECT_THAT(error_of(file), HasSubstr("16 bits"));
  write_sound(file, 16000, 1, SF_FORMAT_WAV | SF_FORMAT_PCM_16);
  EXPECT_THAT(error_of(file), HasSubstr("FLAC"));
  EXPECT_THAT(user_error_of([&] { flac_samples(file); }), HasSubstr("FLAC"));
}

// STREAMINFO without a frame: 0 stands for "unknown" in FLAC.
TEST_F(FlacFile, EmptyRecordingIsRefused) {
  const auto file = folder_.path() / "a.flac";
  write_flac(file, made_up_speech(1600, 1));
  std::string bytes = read_whole_file(file).substr(0, 42);
  bytes[4] = static_cast<char>(0x80);  // the last block of metadata
  bytes.replace(22, 4, 4, '\0');
  EXPECT_THAT(error_of(folder_.write("empty.flac", bytes)), HasSubstr("empty.flac"));
}

TEST_F(FlacFile, MissingAndForeignFilesAreRefused) {
  EXPECT_THAT(error_of(folder_.path() / "absent.flac"), HasSubstr("absent.flac"));
  EXPECT_THAT(error_of(folder_.write("b.flac", "")), HasSubstr("b.flac"));
  EXPECT_THAT(error_of(folder_.write("c.flac", "fLaC and nothing that follows")), HasSubstr("c.flac"));
}

TEST_F(FlacFile, BrokenFramesAreRefused) {
  const auto file = folder_.path() / "a.flac";
  write_flac(file, made_up_speech(48000, 2));
  const std::string bytes = read_whole_file(file);
  for (const double place : {0.4, 0.5, 0.7, 0.9, 0.999}) {
    std::string broken = bytes;
    const auto at = static_cast<size_t>(place * static_cast<double>(bytes.size()));
    broken[at] = static_cast<char>(broken[at] ^ 0x10);
    folder_.write("broken.flac", broken);
    EXPECT_THAT(error_of(folder_.path() / "broken.flac"), HasSubstr("broken.flac")) << place;
    folder_.write("cut.flac", bytes.substr(0, at));
    EXPECT_THAT(error_of(folder_.path() / "cut.flac"), HasSubstr("cut.flac")) << place;
  }
}

}  // namespace
}  // namespace timetrial
