#include "workloads/finewebedu_lm/sword_module.h"

#include <zlib.h>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

constexpr size_t kRecordBytes = 12;
constexpr uint32_t kLargestBlock = 64U << 20;  // bytes: far above every chapter

uint32_t number_at(std::string_view bytes, size_t offset) {
  uint32_t value = 0;
  for (size_t i = 4; i-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes[offset + i]);
  return value;
}

}  // namespace

std::vector<std::string> read_sword_blocks(std::string_view index, std::string_view blocks,
                                           const std::string& source) {
  const auto damaged = [&](size_t block) {
    return UserError({"the SWORD module is damaged", source, "block " + std::to_string(block),
                      "fetch the Debian package again, of Debian 12"});
  };
  std::vector<std::string> texts;
  for (size_t i = 0; i < index.size() / kRecordBytes; ++i) {
    const uint32_t offset = number_at(index, i * kRecordBytes);
    const uint32_t packed = number_at(index, i * kRecordBytes + 4);
    uLongf size = number_at(index, i * kRecordBytes + 8);
    if (packed == 0) continue;
    if (offset > blocks.size() || packed > blocks.size() - offset || size > kLargestBlock) throw damaged(i);
    std::string text(size, '\0');
    const auto* data = reinterpret_cast<const Bytef*>(blocks.data() + offset);
    if (uncompress(reinterpret_cast<Bytef*>(text.data()), &size, data, packed) != Z_OK) throw damaged(i);
    text.resize(size);
    texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace timetrial
