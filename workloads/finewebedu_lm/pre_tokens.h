#pragma once

#include <cstddef>
#include <string_view>

namespace timetrial {

// Bytes of the first pre-token of `text`, which is well-formed UTF-8 and not empty: GPT-2's tokenizer merges
// bytes within pre-tokens only (Radford et al. 2019). The first of these that fits:
//   's 't 're 've 'm 'll 'd | a space at most and letters | a space at most and numbers |
//   a space at most and other characters | white space without its last character, where something follows |
//   white space
size_t pre_token_bytes(std::string_view text);

}  // namespace timetrial
