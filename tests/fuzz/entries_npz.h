#pragma once

// The reader of .npz files: nothing but a UserError may leave it, and all its ways to an array's values
// agree.

#include <string_view>

namespace timetrial {

// The bytes are the whole file.
void fuzz_npz(std::string_view bytes);

// The bytes are one entry, in a sound archive around them: no checksum stands between a changed byte and the
// header's parser.
void fuzz_npy(std::string_view bytes);

// The first two bytes are the size that an entry declares, the others its deflated data.
void fuzz_zip_entry(std::string_view bytes);

}  // namespace timetrial
