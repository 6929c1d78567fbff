#pragma once

// What is fuzzed of the ImageNet reader. Whatever the bytes are, nothing but a UserError may leave it.

#include <string_view>

namespace timetrial {

// One image file: whole, a part, and a part at half its size.
void fuzz_image(std::string_view bytes);

// An index file, and behind a NUL byte a packed file, whose digest and count are set to what the index asks
// for.
void fuzz_image_index(std::string_view bytes);

}  // namespace timetrial
