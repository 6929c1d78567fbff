#pragma once

// Decoder of ITU-T Recommendation G.722 (11/1988) at 64 kbit/s: 16 kHz speech in two bands of 8 kHz, each
// coded as the quantised error of an adaptive predictor (6 bits for the lower, 2 for the higher band of every
// byte).

#include <cstdint>
#include <string_view>
#include <vector>

namespace timetrial {

// Two samples of 16 kHz for every byte, in the 16-bit scale. Every sequence of bytes is a valid stream.
std::vector<int16_t> decode_g722(std::string_view bytes);

}  // namespace timetrial
