#include "workloads/npz/zip_archive.h"

#include <algorithm>

#include "harness/errors/user_error.h"
#include "workloads/npz/npz_cures.h"
#include "workloads/npz/quoted_bytes.h"

namespace timetrial {
namespace {

constexpr uint64_t kMostDirectoryBytes = uint64_t{1} << 26;
// Deflate's longest match, 258 bytes, takes two bits at least.
constexpr uint64_t kMostExpansion = 1032;

constexpr uint16_t kHasDescriptor = 1 << 3;  // sizes and CRC follow the data instead of standing before it
constexpr uint16_t kEncrypted = 1 << 0 | 1 << 6 | 1 << 13;  // classic, strong, hidden directory
constexpr uint16_t kPatch = 1 << 5;

// Where the directory lies and how much it should hold.
struct DirectoryPlace {
  uint64_t entries = 0;
  uint64_t offset = 0;
  uint64_t bytes = 0;
  uint64_t end = 0;  // where the first record behind it starts
};

struct DirectoryEntry {
  ZipEntry entry;
  uint64_t local_offset = 0;
  uint64_t directory_offset = 0;  // of its record, for messages
};

class DirectoryReader {
 public:
  explicit DirectoryReader(const ByteSource& source) : source_(source) {}

  std::vector<ZipEntry> read() const {
    const DirectoryPlace place = find_directory();
    std::vector<DirectoryEntry> records = directory_entries(place);
    for (DirectoryEntry& record : records) find_data(record, place.offset);
    require_apart(records);
    std::vector<ZipEntry> entries;
    entries.reserve(records.size());
    for (DirectoryEntry& record : records) entries.push_back(std::move(record.entry));
    return entries;
  }

 private:
  [[noreturn]] void fail(const std::string& what, uint64_t byte, const std::string& value,
                         const std::string& cure = kCopyAgain) const {
    throw UserError({what, source_.name() + ", byte " + std::to_string(byte), value, cure});
  }
  [[noreturn]] void fail(const std::string& what, const DirectoryEntry& record, const std::string& value,
                         const std::string& cure = kCopyAgain) const {
    throw UserError({what,
                     source_.name() + ", entry " + quoted_bytes(record.entry.name) + ", byte " +
                         std::to_string(record.directory_offset),
                     value, cure});
  }

  std::string bytes_at(uint64_t offset, size_t count) const {
    std::string bytes(count, '\0');
    source_.read(offset, bytes);
    return bytes;
  }

  // The last record that ends, with its comment, where the file does.
  uint64_t find_end() const {
    const auto tail_bytes =
        static_cast<size_t>(std::min<uint64_t>(source_.size(), kEndBytes + size_t{kSaturated16}));
    const std::string tail = bytes_at(source_.size() - tail_bytes, tail_bytes);
    for (size_t behind = kEndBytes; behind <= tail_bytes; ++behind) {
      const size_t start = tail_bytes - behind;
      if (little_endian_at<uint32_t>(tail, start) == kEndSignature &&
          little_endian_at<uint16_t>(tail, start + 20) == behind - kEndBytes) {
        return source_.size() - behind;
      }
    }
    fail("the file is no ZIP archive, or its end is missing: no end of the central directory is found",
         source_.size() - tail_bytes, std::to_string(source_.size()) + " bytes");
  }

  DirectoryPlace find_directory() const {
    const uint64_t at = find_end();
    const std::string end = bytes_at(at, kEndBytes);
    DirectoryPlace place;
    place.entries = little_endian_at<uint16_t>(end, 10);
    place.bytes = little_endian_at<uint32_t>(end, 12);
    place.offset = little_endian_at<uint32_t>(end, 16);
    place.end = at;
    if (!read_wide_end(at, place) &&
        (little_endian_at<uint16_t>(end, 4) != 0 || little_endian_at<uint16_t>(end, 6) != 0 ||
         little_endian_at<uint16_t>(end, 8) != place.entries)) {
      fail("the archive consists of several files", at, "", kWriteByNumpy);
    }
    if (place.offset > place.end || place.bytes != place.end - place.offset) {
      fail("the central directory does not end where the records behind it start, at byte " +
               std::to_string(place.end),
           at, std::to_string(place.bytes) + " bytes at byte " + std::to_string(place.offset));
    }
    if (place.entries > place.bytes / kDirectoryBytes) {
      fail("the central directory is too short for its entries", at,
           std::to_string(place.entries) + " entries in " + std::to_string(place.bytes) + " bytes");
    }
    if (place.bytes > kMostDirectoryBytes) {
      fail("the central directory is larger than " + std::to_string(kMostDirectoryBytes) + " bytes", at,
           std::to_string(place.bytes), "write fewer arrays into one file");
    }
    return place;
  }

  // Whether there are ZIP64 records before the end record at `end`; `place` then holds what they say.
  bool read_wide_end(uint64_t end, DirectoryPlace& place) const {
    if (end < kWideLocatorBytes) return false;
    const uint64_t locator_at = end - kWideLocatorBytes;
    const std::string locator = bytes_at(locator_at, kWideLocatorBytes);
    if (little_endian_at<uint32_t>(locator, 0) != kWideLocatorSignature) return false;
    const auto at = little_endian_at<uint64_t>(locator, 8);
    if (little_endian_at<uint32_t>(locator, 4) != 0 || little_endian_at<uint32_t>(locator, 16) > 1) {
      fail("the archive consists of several files", locator_at, "", kWriteByNumpy);
    }
    if (at > locator_at || locator_at - at < kWideEndBytes) {
      fail("the ZIP64 end of the central directory does not lie before its locator", locator_at,
           "byte " + std::to_string(at));
    }
    const std::string wide = bytes_at(at, kWideEndBytes);
    if (little_endian_at<uint32_t>(wide, 0) != kWideEndSignature ||
        little_endian_at<uint64_t>(wide, 4) != locator_at - at - 12) {
      fail("no ZIP64 end of the central directory is found where its locator says", at, "");
    }
    const DirectoryPlace narrow = place;
    place.entries = little_endian_at<uint64_t>(wide, 32);
    place.bytes = little_endian_at<uint64_t>(wide, 40);
    place.offset = little_endian_at<uint64_t>(wide, 48);
    place.end = at;
    if (little_endian_at<uint32_t>(wide, 16) != 0 || little_endian_at<uint32_t>(wide, 20) != 0 ||
        little_endian_at<uint64_t>(wide, 24) != place.entries) {
      fail("the archive consists of several files", at, "", kWriteByNumpy);
    }
    // Two truths about one directory: a reader that knows only one of them would see another archive.
    if ((narrow.entries != kSaturated16 && narrow.entries != place.entries) ||
        (narrow.bytes != kSaturated32 && narrow.bytes != place.bytes) ||
        (narrow.offset != kSaturated32 && narrow.offset != place.offset)) {
      fail("the two ends of the central directory contradict each other", at,
           std::to_string(narrow.entries) + " and " + std::to_string(place.entries) + " entries, " +
               std::to_string(narrow.bytes) + " and " + std::to_string(place.bytes) + " bytes");
    }
    return true;
  }

  std::vector<DirectoryEntry> directory_entries(const DirectoryPlace& place) const {
    const std::string directory = bytes_at(place.offset, static_cast<size_t>(place.bytes));
    std::string_view rest = directory;
    std::vector<DirectoryEntry> records;
    records.reserve(static_cast<size_t>(place.entries));
    while (!rest.empty()) {
      const uint64_t at = place.offset + (directory.size() - rest.size());
      if (rest.size() < kDirectoryBytes || little_endian_at<uint32_t>(rest, 0) != kDirectorySignature) {
        fail("no entry of the central directory starts here", at, quoted_bytes(rest.substr(0, 4)));
      }
      const size_t name_bytes = little_endian_at<uint16_t>(rest, 28);
      const size_t extra_bytes = little_endian_at<uint16_t>(rest, 30);
      const size_t comment_bytes = little_endian_at<uint16_t>(rest, 32);
      const size_t record_bytes = kDirectoryBytes + name_bytes + extra_bytes + comment_bytes;
      if (rest.size() < record_bytes) {
        fail("the central directory ends inside of an entry", at,
             std::to_string(rest.size()) + " of " + std::to_string(record_bytes) + " bytes");
      }
      records.push_back(directory_entry(rest.substr(0, kDirectoryBytes),
                                        rest.substr(kDirectoryBytes, name_bytes),
                                        rest.substr(kDirectoryBytes + name_bytes, extra_bytes), at));
      rest.remove_prefix(record_bytes);
    }
    if (records.size() != place.entries) {
      fail("the central directory holds another number of entries than its end says, " +
               std::to_string(place.entries),
           place.offset, std::to_string(records.size()));
    }
    return records;
  }

  DirectoryEntry directory_entry(std::string_view fixed, std::string_view name, std::string_view extra,
                                 uint64_t at) const {
    DirectoryEntry record;
    record.directory_offset = at;
    ZipEntry& entry = record.entry;
    entry.name = name;
    if (name.empty() || name.find('\0') != std::string_view::npos) {
      fail("the name of an entry is empty or holds a NUL byte", record, "");
    }
    const auto flags = little_endian_at<uint16_t>(fixed, 8);
    if ((flags & kEncrypted) != 0) {
      fail("the entry is encrypted", record, "flags " + std::to_string(flags), kWriteByNumpy);
    }
    entry.method = method(little_endian_at<uint16_t>(fixed, 10), flags, record);
    entry.crc32 = little_endian_at<uint32_t>(fixed, 16);
    entry.archive_bytes = little_endian_at<uint32_t>(fixed, 20);
    entry.bytes = little_endian_at<uint32_t>(fixed, 24);
    record.local_offset = little_endian_at<uint32_t>(fixed, 42);
    uint64_t volume = little_endian_at<uint16_t>(fixed, 34);
    read_wide_fields(extra, record, volume);
    if (volume != 0) fail("the entry lies in another file", record, std::to_string(volume), kWriteByNumpy);
    const uint64_t least_bytes = entry.bytes / kMostExpansion + (entry.bytes % kMostExpansion != 0 ? 1 : 0);
    const bool possible = entry.method == ZipMethod::stored ? entry.bytes == entry.archive_bytes
                                                            : least_bytes <= entry.archive_bytes;
    if (!possible) {
      fail("the entry cannot hold as many bytes as it declares", record,
           std::to_string(entry.bytes) + " bytes from " + std::to_string(entry.archive_bytes));
    }
    return record;
  }

  ZipMethod method(uint16_t code, uint16_t flags, const DirectoryEntry& record) const {
    if ((flags & kPatch) == 0 && code == static_cast<uint16_t>(ZipMethod::stored)) return ZipMethod::stored;
    if ((flags & kPatch) == 0 && code == static_cast<uint16_t>(ZipMethod::deflated))
      return ZipMethod::deflated;
    fail("the entry is neither stored (method 0) nor deflated (method 8)", record,
         "method " + std::to_string(code), kWriteByNumpy);
  }

  // The ZIP64 field holds those values, in this order, that the record itself has no room for.
  void read_wide_fields(std::string_view extra, DirectoryEntry& record, uint64_t& volume) const {
    bool seen = false;
    while (!extra.empty()) {
      const size_t bytes = extra.size() < 4 ? 0 : little_endian_at<uint16_t>(extra, 2);
      if (extra.size() < 4 || extra.size() - 4 < bytes) {
        fail("the extra fields of the entry end early", record, std::to_string(extra.size()) + " bytes left");
      }
      const auto id = little_endian_at<uint16_t>(extra, 0);
      std::string_view field = extra.substr(4, bytes);
      extra.remove_prefix(4 + bytes);
      if (id != kWideExtraField) continue;
      if (seen) fail("the entry has two ZIP64 fields", record, "");
      seen = true;
      for (uint64_t* value : {&record.entry.bytes, &record.entry.archive_bytes, &record.local_offset}) {
        if (*value != kSaturated32) continue;
        if (field.size() < 8) fail("the ZIP64 field of the entry is too short", record, "");
        *value = little_endian_at<uint64_t>(field, 0);
        field.remove_prefix(8);
      }
      if (volume == kSaturated16) {
        if (field.size() < 4) fail("the ZIP64 field of the entry is too short", record, "");
        volume = little_endian_at<uint32_t>(field, 0);
      }
    }
  }

  // Compares the local header with the directory and finds the data behind it.
  void find_data(DirectoryEntry& record, uint64_t directory_offset) const {
    ZipEntry& entry = record.entry;
    const uint64_t at = record.local_offset;
    const auto require_before_directory = [&](uint64_t start, uint64_t bytes) {
      if (start <= directory_offset && bytes <= directory_offset - start) return;
      fail("the entry does not lie before the central directory, which starts at byte " +
               std::to_string(directory_offset),
           record, std::to_string(bytes) + " bytes at byte " + std::to_string(start));
    };
    require_before_directory(at, kLocalBytes + entry.name.size());
    const std::string local = bytes_at(at, kLocalBytes + entry.name.size());
    if (little_endian_at<uint32_t>(local, 0) != kLocalSignature) {
      fail("no local header of the entry is found at byte " + std::to_string(at), record,
           quoted_bytes(std::string_view(local).substr(0, 4)));
    }
    const size_t name_bytes = little_endian_at<uint16_t>(local, 26);
    const size_t extra_bytes = little_endian_at<uint16_t>(local, 28);
    require_before_directory(at, kLocalBytes + name_bytes + extra_bytes);
    const auto flags = little_endian_at<uint16_t>(local, 6);
    if (name_bytes != entry.name.size() || local.substr(kLocalBytes) != entry.name ||
        (flags & (kEncrypted | kPatch)) != 0 ||
        little_endian_at<uint16_t>(local, 8) != static_cast<uint16_t>(entry.method) ||
        !says_the_same(local, flags, entry)) {
      fail("the local header of the entry, at byte " + std::to_string(at) +
               ", contradicts the central directory",
           record, "");
    }
    entry.data_offset = at + kLocalBytes + name_bytes + extra_bytes;
    require_before_directory(entry.data_offset, entry.archive_bytes);
  }

  // What a local header says of CRC and sizes; of a ZIP64 field there it is enough that the directory has it.
  static bool says_the_same(std::string_view local, uint16_t flags, const ZipEntry& entry) {
    if ((flags & kHasDescriptor) != 0) return true;
    const auto archive_bytes = little_endian_at<uint32_t>(local, 18);
    const auto bytes = little_endian_at<uint32_t>(local, 22);
    return little_endian_at<uint32_t>(local, 14) == entry.crc32 &&
           (archive_bytes == kSaturated32 || archive_bytes == entry.archive_bytes) &&
           (bytes == kSaturated32 || bytes == entry.bytes);
  }

  // Entries that share bytes make gigabytes of a small file.
  void require_apart(const std::vector<DirectoryEntry>& records) const {
    std::vector<const DirectoryEntry*> in_order;
    in_order.reserve(records.size());
    for (const DirectoryEntry& record : records) in_order.push_back(&record);
    std::sort(in_order.begin(), in_order.end(),
              [](const auto* a, const auto* b) { return a->local_offset < b->local_offset; });
    for (size_t i = 1; i < in_order.size(); ++i) {
      const ZipEntry& before = in_order[i - 1]->entry;
      if (before.data_offset + before.archive_bytes > in_order[i]->local_offset) {
        fail("the entry overlaps with entry " + quoted_bytes(before.name), *in_order[i],
             "byte " + std::to_string(in_order[i]->local_offset));
      }
    }
  }

  const ByteSource& source_;
};

}  // namespace

ZipArchive::ZipArchive(std::unique_ptr<ByteSource> source)
    : source_(std::move(source)), entries_(DirectoryReader(*source_).read()) {
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (by_name_.emplace(entries_[i].name, i).second) continue;
    throw UserError({"the archive holds two entries of one name", source_->name(),
                     quoted_bytes(entries_[i].name), kWriteByNumpy});
  }
}

const ZipEntry* ZipArchive::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &entries_[found->second];
}

}  // namespace timetrial
