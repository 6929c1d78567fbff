#include "entries_finewebedu.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "harness/errors/user_error.h"
#include "harness/text/utf8.h"
#include "require.h"
#include "workloads/finewebedu_lm/byte_pairs.h"
#include "workloads/finewebedu_lm/documents.h"
#include "workloads/finewebedu_lm/markup_text.h"
#include "workloads/finewebedu_lm/pre_tokens.h"
#include "workloads/finewebedu_lm/sword_module.h"

namespace timetrial {
namespace {

template <typename Action>
void attempt(Action&& action) {
  try {
    action();
  } catch (const UserError&) {
  }
}

}  // namespace

void fuzz_byte_pairs(std::string_view bytes) {
  std::array<std::string, 3> parts;
  for (std::string& part : parts) {
    const std::size_t end = std::min(bytes.find('\0'), bytes.size());
    part = bytes.substr(0, end);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  attempt([&] {
    BytePairs pairs(parts[0], "merges", parts[1], "vocabulary");
    if (!is_utf8(parts[2])) return;
    std::vector<uint16_t> once;
    pairs.encode(parts[2], once);
    require(once.size() <= parts[2].size(), "no more tokens than bytes");
    for (const uint16_t id : once) require(id < pairs.tokens(), "ids are in the vocabulary");
    std::vector<uint16_t> again;
    pairs.encode(parts[2], again);
    require(once == again, "a remembered word is the same");
  });
}

void fuzz_documents(std::string_view bytes) {
  for (const bool is_json : {true, false}) {
    attempt([&] {
      const std::string document = document_of(bytes, is_json, "fuzz");
      require(is_utf8(document), "documents are UTF-8");
      std::string_view rest = document;
      while (!rest.empty()) {
        const std::size_t size = pre_token_bytes(rest);
        require(size > 0 && size <= rest.size(), "pre-tokens fill the text");
        require(is_utf8(rest.substr(0, size)), "pre-tokens are whole characters");
        rest.remove_prefix(size);
      }
    });
  }
}

void fuzz_markup(std::string_view bytes) {
  for (const std::string& paragraph : markup_paragraphs(bytes, {{"p", "div"}, {"pre"}})) {
    require(!paragraph.empty() && paragraph.find("  ") == std::string::npos, "single spaces");
  }
}

void fuzz_sword_module(std::string_view bytes) {
  constexpr std::size_t kIndexBytes = 24;
  const std::size_t index = std::min(bytes.size(), kIndexBytes);
  attempt([&] {
    require(read_sword_blocks(bytes.substr(0, index), bytes.substr(index), "fuzz").size() <= 2,
            "two blocks at most");
  });
}

}  // namespace timetrial
