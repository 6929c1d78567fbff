#include "harness/waits/symbol_file.h"

#include <algorithm>
#include <cstring>
#include <fstream>

#include <elf.h>

namespace timetrial {

namespace {

// Reads parts of a file; what lies outside of it is empty.
class Parts {
 public:
  explicit Parts(const std::filesystem::path& file) : stream_(file, std::ios::binary) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    size_ = error ? 0 : size;
  }

  template <typename Entry>
  std::vector<Entry> read(uint64_t offset, uint64_t count) {
    if (offset > size_ || count > (size_ - offset) / sizeof(Entry)) return {};
    std::vector<Entry> entries(count);
    stream_.seekg(static_cast<std::streamoff>(offset));
    stream_.read(reinterpret_cast<char*>(entries.data()),
                 static_cast<std::streamsize>(count * sizeof(Entry)));
    if (!stream_) entries.clear();
    return entries;
  }

 private:
  std::ifstream stream_;
  uint64_t size_ = 0;
};

uint64_t first_loaded_address(Parts& parts, const Elf64_Ehdr& header) {
  for (const Elf64_Phdr& segment : parts.read<Elf64_Phdr>(header.e_phoff, header.e_phnum)) {
    if (segment.p_type == PT_LOAD) return segment.p_vaddr - segment.p_offset;
  }
  return 0;
}

}  // namespace

SymbolFile::SymbolFile(const std::filesystem::path& file) {
  Parts parts(file);
  const std::vector<Elf64_Ehdr> headers = parts.read<Elf64_Ehdr>(0, 1);
  if (headers.empty() || std::memcmp(headers[0].e_ident, ELFMAG, SELFMAG) != 0 ||
      headers[0].e_ident[EI_CLASS] != ELFCLASS64) {
    return;
  }
  const uint64_t base = first_loaded_address(parts, headers[0]);
  const std::vector<Elf64_Shdr> sections = parts.read<Elf64_Shdr>(headers[0].e_shoff, headers[0].e_shnum);
  for (const Elf64_Shdr& section : sections) {
    if (section.sh_type != SHT_SYMTAB || section.sh_link >= sections.size()) continue;
    const Elf64_Shdr& names_section = sections[section.sh_link];
    const std::vector<char> names = parts.read<char>(names_section.sh_offset, names_section.sh_size);
    for (const Elf64_Sym& symbol :
         parts.read<Elf64_Sym>(section.sh_offset, section.sh_size / sizeof(Elf64_Sym))) {
      if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_size == 0 ||
          symbol.st_name >= names.size()) {
        continue;
      }
      const char* name = names.data() + symbol.st_name;
      functions_.push_back({symbol.st_value - base, symbol.st_value - base + symbol.st_size,
                            std::string(name, ::strnlen(name, names.size() - symbol.st_name))});
    }
  }
  std::sort(functions_.begin(), functions_.end(),
            [](const Function& left, const Function& right) { return left.begin < right.begin; });
}

std::optional<std::string> SymbolFile::function_at(uint64_t offset) const {
  auto found =
      std::upper_bound(functions_.begin(), functions_.end(), offset,
                       [](uint64_t value, const Function& function) { return value < function.begin; });
  if (found == functions_.begin()) return std::nullopt;
  --found;
  return offset < found->end ? std::optional(found->name) : std::nullopt;
}

}  // namespace timetrial
