#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace timetrial {

// The texts of a compressed module of the SWORD project: `blocks` (NAME.czz) are zlib streams, `index`
// (NAME.czs) has 12 bytes for each: offset, compressed size and size, little-endian. Empty blocks give
// nothing. Throws UserError naming `source` for an index that does not fit and a block that is no zlib
// stream.
std::vector<std::string> read_sword_blocks(std::string_view index, std::string_view blocks,
                                           const std::string& source);

}  // namespace timetrial
