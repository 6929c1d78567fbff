#pragma once

#include <string>
#include <string_view>

namespace timetrial {

// Bytes of a file that nobody vouches for, as a message may show them: in quotes, what is no printable ASCII
// as \xNN, and no more than the first 64 bytes.
std::string quoted_bytes(std::string_view bytes);

}  // namespace timetrial
