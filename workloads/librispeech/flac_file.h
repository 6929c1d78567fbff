#pragma once

// Recordings of LibriSpeech: FLAC files of 16 kHz, one channel, 16 bits, read and written through libsndfile.

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace timetrial {

inline constexpr int64_t kSpeechSampleRate = 16000;  // Hz

// How many samples the file's header promises. Throws UserError when the file is missing, no FLAC file, or
// has another rate, number of channels or width.
int64_t flac_samples(const std::filesystem::path& file);

// The samples in the 16-bit integer scale (-32768 .. 32767). Throws UserError as flac_samples() does, and
// when a frame is broken or missing.
std::vector<float> read_flac(const std::filesystem::path& file);

// Writes a file that is whole only once it is closed. Throws UserError.
void write_flac(const std::filesystem::path& file, std::span<const int16_t> samples);

}  // namespace timetrial
