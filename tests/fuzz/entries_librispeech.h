#pragma once

#include <string_view>

namespace timetrial {

// A transcript file. Nothing but a UserError may leave the reader; ids and texts that come out must be safe
// file names and text.
void fuzz_transcripts(std::string_view bytes);

// A FLAC file: header, then samples.
void fuzz_flac(std::string_view bytes);

// A G.722 stream.
void fuzz_g722(std::string_view bytes);

}  // namespace timetrial
