#include "workloads/npz/zip_archive.h"

#include <numeric>

#include <gtest/gtest.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "made_zip.h"
#include "workloads/npz/zip_entry_reader.h"

namespace timetrial {
namespace {

using testing::HasSubstr;

const std::string kText = "not much, not much, not much, but some";

std::string contents(const ZipArchive& archive, const ZipEntry& entry, size_t block_bytes) {
  ZipEntryReader reader(archive, entry);
  std::string all;
  do {
    std::string block(static_cast<size_t>(std::min<uint64_t>(block_bytes, reader.bytes_left())), '\0');
    reader.read(block);
    all += block;
  } while (reader.bytes_left() > 0);
  return all;
}

// Every entry, read to its end.
std::vector<std::string> all_contents(const std::string& zip) {
  const ZipArchive archive(bytes_in_memory(zip, "made.zip"));
  std::vector<std::string> all;
  for (const ZipEntry& entry : archive.entries()) all.push_back(contents(archive, entry, 7));
  return all;
}

std::string zip_error(const std::string& zip) {
  return user_error_of([&] { all_contents(zip); });
}

std::string two_entries(MadeForm form = MadeForm::narrow) {
  return made_zip({{"first", kText, ZipMethod::deflated}, {"second", "abc", ZipMethod::stored}}, form);
}

TEST(ZipArchive, ReadsStoredAndDeflatedEntriesInTheOrderOfTheDirectory) {
  const std::string zip = two_entries();
  const ZipArchive archive(bytes_in_memory(zip, "made.zip"));
  ASSERT_EQ(archive.entries().size(), 2U);
  EXPECT_EQ(archive.entries()[0].name, "first");
  EXPECT_EQ(archive.entries()[0].method, ZipMethod::deflated);
  EXPECT_EQ(archive.entries()[0].bytes, kText.size());
  EXPECT_EQ(archive.find("second"), &archive.entries()[1]);
  EXPECT_EQ(archive.find("third"), nullptr);
  for (const size_t block : {1U, 5U, 1000U}) {
    EXPECT_EQ(contents(archive, archive.entries()[0], block), kText);
    EXPECT_EQ(contents(archive, archive.entries()[1], block), "abc");
  }
}

TEST(ZipArchive, AnEmptyArchiveAndEmptyEntriesAreFine) {
  EXPECT_TRUE(all_contents(made_zip({})).empty());
  const auto found = all_contents(made_zip({{"a", "", ZipMethod::stored}, {"b", "", ZipMethod::deflated}}));
  EXPECT_EQ(found, (std::vector<std::string>{"", ""}));
}

TEST(ZipArchive, AnEntryLargerThanEveryBufferComesWhole) {
  std::string large(3'000'000, '\0');
  uint32_t state = 1;
  for (char& byte : large) byte = static_cast<char>((state = state * 1664525 + 1013904223) >> 29);
  const std::string zip = made_zip({{"large", large, ZipMethod::deflated}});
  const ZipArchive archive(bytes_in_memory(zip, "made.zip"));
  for (const size_t block : {size_t{65536}, size_t{100'003}, large.size()}) {
    EXPECT_EQ(contents(archive, archive.entries()[0], block), large);
  }
}

TEST(ZipArchive, ReadsZip64Records) {
  EXPECT_EQ(all_contents(two_entries(MadeForm::wide)), all_contents(two_entries()));
  // What follows the fixed part of the wide end belongs to it.
  std::string zip = two_entries(MadeForm::wide);
  const size_t end = record_at(zip, kWideEndSignature);
  zip = with(zip, end + 4, uint64_t{44 + 5});
  zip.insert(end + kWideEndBytes, "extra");
  EXPECT_EQ(all_contents(zip), all_contents(two_entries()));
}

TEST(ZipArchive, ReadsSizesThatFollowTheData) {
  std::string zip = made_zip({{"a", "abc", ZipMethod::stored}});
  zip = with(zip, 6, uint16_t{8});
  zip = with(zip, 14, uint32_t{0});
  zip = with(zip, 18, uint64_t{0});
  zip = with(zip, record_at(zip, kDirectorySignature) + 8, uint16_t{8});
  EXPECT_EQ(all_contents(zip), std::vector<std::string>{"abc"});
}

TEST(ZipArchive, ACommentMayFollow) {
  std::string zip = two_entries();
  zip = with(zip, zip.size() - 2, uint16_t{30}) + std::string(8, ' ') + "PK\5\6" + std::string(18, ' ');
  EXPECT_EQ(all_contents(zip).size(), 2U);
}

TEST(ZipArchive, CutOffAtEveryByteIsRefused) {
  for (const MadeForm form : {MadeForm::narrow, MadeForm::wide}) {
    const std::string zip = two_entries(form);
    for (size_t size = 0; size < zip.size(); ++size) {
      EXPECT_THAT(zip_error(zip.substr(0, size)), HasSubstr("no ZIP archive")) << "after byte " << size;
    }
  }
}

TEST(ZipArchive, BytesBeforeOrBehindAreRefused) {
  EXPECT_THAT(zip_error("x" + two_entries()), HasSubstr("does not end where"));
  EXPECT_THAT(zip_error("x" + two_entries(MadeForm::wide)), HasSubstr("ZIP64 end"));
  EXPECT_THAT(zip_error(two_entries() + "x"), HasSubstr("no ZIP archive"));
  EXPECT_THAT(zip_error(""), HasSubstr("no ZIP archive"));
}

// One changed byte is found, or changes nothing that matters.
TEST(ZipArchive, NoChangedByteChangesWhatIsRead) {
  for (const MadeForm form : {MadeForm::narrow, MadeForm::wide}) {
    const std::string zip = two_entries(form);
    const auto expected = all_contents(zip);
    size_t refused = 0;
    for (size_t i = 0; i < zip.size(); ++i) {
      for (const int change : {0x01, 0x80, 0xFF}) {
        std::string changed = zip;
        changed[i] = static_cast<char>(changed[i] ^ change);
        try {
          EXPECT_EQ(all_contents(changed), expected) << "byte " << i;
        } catch (const UserError&) {
          ++refused;
        }
      }
    }
    EXPECT_GT(refused, 2 * zip.size());
  }
}

TEST(ZipArchive, DirectoryThatIsNotThereIsRefused) {
  const std::string zip = two_entries();
  const size_t end = record_at(zip, kEndSignature);
  EXPECT_THAT(zip_error(with(zip, end + 16, uint32_t{0x7FFFFFFF})), HasSubstr("central directory"));
  EXPECT_THAT(zip_error(with(zip, end + 12, uint32_t{0})), HasSubstr("does not end where"));
  EXPECT_THAT(zip_error(with(zip, end + 16, kSaturated32)), HasSubstr("does not end where"));
  const std::string moved = with(with(zip, end + 12, static_cast<uint32_t>(end)), end + 16, uint32_t{0});
  EXPECT_THAT(zip_error(moved), HasSubstr("no entry of the central directory starts here"));
  const std::string shorter = with(with(zip, end + 12, uint32_t{0}), end + 16, static_cast<uint32_t>(end));
  EXPECT_THAT(zip_error(shorter), HasSubstr("too short for its entries"));
}

TEST(ZipArchive, WrongNumbersOfEntriesAreRefused) {
  const std::string zip = two_entries();
  const size_t end = record_at(zip, kEndSignature);
  const auto with_count = [&](uint16_t count) { return with(with(zip, end + 8, count), end + 10, count); };
  EXPECT_THAT(zip_error(with_count(1)), HasSubstr("another number of entries"));
  EXPECT_THAT(zip_error(with_count(3)), HasSubstr("too short for its entries"));
  EXPECT_THAT(zip_error(with(zip, end + 8, uint16_t{1})), HasSubstr("several files"));
  EXPECT_THAT(zip_error(with(zip, end + 4, uint16_t{1})), HasSubstr("several files"));
  // More than there is memory for.
  const std::string wide = two_entries(MadeForm::wide);
  const size_t wide_end = record_at(wide, kWideEndSignature);
  const uint64_t most = ~uint64_t{0};
  EXPECT_THAT(zip_error(with(with(wide, wide_end + 24, most), wide_end + 32, most)), HasSubstr("too short"));
}

TEST(ZipArchive, ContradictingZip64RecordsAreRefused) {
  const std::string zip = two_entries(MadeForm::wide);
  const size_t wide_end = record_at(zip, kWideEndSignature);
  const size_t locator = record_at(zip, kWideLocatorSignature);
  const size_t end = record_at(zip, kEndSignature);
  const size_t extra = record_at(zip, kDirectorySignature) + kDirectoryBytes + 5;
  EXPECT_THAT(zip_error(with(zip, locator + 8, ~uint64_t{0})), HasSubstr("before its locator"));
  EXPECT_THAT(zip_error(with(zip, locator + 8, uint64_t{0})), HasSubstr("where its locator says"));
  EXPECT_THAT(zip_error(with(zip, locator + 16, uint32_t{2})), HasSubstr("several files"));
  EXPECT_THAT(zip_error(with(zip, wide_end + 16, uint32_t{1})), HasSubstr("several files"));
  EXPECT_THAT(zip_error(with(zip, wide_end + 40, ~uint64_t{0})), HasSubstr("does not end where"));
  EXPECT_THAT(zip_error(with(zip, wide_end + 48, ~uint64_t{0})), HasSubstr("does not end where"));
  EXPECT_THAT(zip_error(with(with(zip, end + 8, uint16_t{1}), end + 10, uint16_t{1})),
              HasSubstr("contradict"));
  EXPECT_THAT(zip_error(with(zip, extra + 2, uint16_t{29})),
              HasSubstr("extra fields of the entry end early"));
  EXPECT_THAT(zip_error(with(with(zip, extra + 2, uint16_t{4}), extra + 10, uint16_t{16})),
              HasSubstr("ZIP64 field of the entry is too short"));
  EXPECT_THAT(zip_error(with(zip, extra + 4, ~uint64_t{0})), HasSubstr("cannot hold as many bytes"));
  EXPECT_THAT(zip_error(with(zip, extra + 20, ~uint64_t{0})), HasSubstr("before the central directory"));
  EXPECT_THAT(zip_error(with(zip, extra + 28, uint32_t{1})), HasSubstr("another file"));
}

// Without the ZIP64 records the sizes are what they look like: beyond the file.
TEST(ZipArchive, SaturatedFieldsWithoutZip64RecordsAreRefused) {
  const std::string zip = two_entries();
  const size_t entry = record_at(zip, kDirectorySignature);
  EXPECT_THAT(zip_error(with(zip, entry + 24, kSaturated32)), HasSubstr("cannot hold as many bytes"));
  EXPECT_THAT(zip_error(with(zip, entry + 42, kSaturated32)), HasSubstr("before the central directory"));
  EXPECT_THAT(zip_error(with(zip, record_at(zip, kEndSignature) + 12, kSaturated32)),
              HasSubstr("does not end"));
}

TEST(ZipArchive, EntriesOutsideOfTheFileAreRefused) {
  const std::string zip = two_entries();
  const size_t second = record_at(zip, kDirectorySignature, 1);
  EXPECT_THAT(zip_error(with(zip, second + 42, static_cast<uint32_t>(zip.size() - 3))),
              HasSubstr("before the central directory"));
  EXPECT_THAT(zip_error(with(zip, second + 42, uint32_t{1})), HasSubstr("no local header"));
  const size_t local = record_at(zip, kLocalSignature, 1);
  EXPECT_THAT(zip_error(with(zip, local + 28, uint16_t{0xFFFF})), HasSubstr("before the central directory"));
  const std::string longer = with(with(zip, second + 20, uint32_t{60}), second + 24, uint32_t{60});
  EXPECT_THAT(zip_error(with(with(longer, local + 18, uint32_t{60}), local + 22, uint32_t{60})),
              HasSubstr("before the central directory"));
}

TEST(ZipArchive, LocalHeadersThatContradictTheDirectoryAreRefused) {
  const std::string zip = two_entries();
  for (const size_t field : {6U, 8U, 14U, 18U, 22U, 30U, 34U}) {
    std::string changed = zip;
    changed[field] = static_cast<char>(changed[field] ^ 1);
    EXPECT_THAT(zip_error(changed), HasSubstr("contradicts the central directory")) << "field " << field;
  }
}

TEST(ZipArchive, EntriesThatOverlapAreRefused) {
  // Both entries of the directory lead to the first's data.
  const std::string zip = made_zip({{"a", kText, ZipMethod::stored}, {"a", kText, ZipMethod::stored}});
  EXPECT_THAT(zip_error(with(zip, record_at(zip, kDirectorySignature, 1) + 42, uint32_t{0})),
              HasSubstr("overlaps with entry 'a'"));
  // The second lies, whole, within the first.
  const std::string inner = made_zip({{"b", "abc", ZipMethod::stored}});
  const std::string outer =
      made_zip({{"a", inner.substr(0, kLocalBytes + 4), ZipMethod::stored}, {"b", "abc", ZipMethod::stored}});
  EXPECT_EQ(all_contents(outer).size(), 2U);
  EXPECT_THAT(
      zip_error(with(outer, record_at(outer, kDirectorySignature, 1) + 42, uint32_t{kLocalBytes + 1})),
      HasSubstr("overlaps with entry 'a'"));
}

TEST(ZipArchive, TwoEntriesOfOneNameAreRefused) {
  EXPECT_THAT(zip_error(made_zip({{"a", "1", ZipMethod::stored}, {"a", "2", ZipMethod::stored}})),
              HasSubstr("two entries of one name (found: 'a')"));
}

TEST(ZipArchive, NamesThatAreNoneAreRefused) {
  EXPECT_THAT(zip_error(made_zip({{"", "1", ZipMethod::stored}})), HasSubstr("name of an entry is empty"));
  EXPECT_THAT(zip_error(made_zip({{std::string("a\0b", 3), "1", ZipMethod::stored}})),
              HasSubstr("'a\\x00b'"));
}

TEST(ZipArchive, WhatNoNpzFileHasIsRefused) {
  const std::string zip = two_entries();
  const size_t entry = record_at(zip, kDirectorySignature);
  for (const uint16_t flags : {uint16_t{1}, uint16_t{1 << 6}, uint16_t{1 << 13}}) {
    EXPECT_THAT(zip_error(with(zip, entry + 8, flags)), HasSubstr("the entry is encrypted"));
  }
  EXPECT_THAT(zip_error(with(zip, entry + 10, uint16_t{12})), HasSubstr("(found: method 12)"));
  EXPECT_THAT(zip_error(with(zip, entry + 34, uint16_t{1})), HasSubstr("another file"));
}

TEST(ZipEntryReader, AWrongChecksumIsFound) {
  for (const ZipMethod method : {ZipMethod::stored, ZipMethod::deflated}) {
    const std::string zip = made_zip({{"a", kText, method}});
    const uint32_t wrong = crc32_of(kText) ^ 1;
    EXPECT_THAT(zip_error(with(with(zip, 14, wrong), record_at(zip, kDirectorySignature) + 16, wrong)),
                HasSubstr("CRC-32"));
  }
  const std::string empty = made_zip({{"a", "", ZipMethod::stored}});
  EXPECT_THAT(
      zip_error(with(with(empty, 14, uint32_t{1}), record_at(empty, kDirectorySignature) + 16, uint32_t{1})),
      HasSubstr("CRC-32"));
}

// A deflated entry that declares another size than its data has.
std::string declaring(const std::string& data, uint32_t bytes) {
  std::string zip = made_zip({{"a", data, ZipMethod::deflated}});
  zip = with(zip, 22, bytes);
  return with(zip, record_at(zip, kDirectorySignature) + 24, bytes);
}

TEST(ZipEntryReader, DataLongerThanDeclaredIsFoundWithoutBeingKept) {
  const std::string zeros(10'000'000, '\0');
  EXPECT_THAT(zip_error(declaring(zeros, 100)), HasSubstr("more bytes than it declares"));
  EXPECT_THAT(zip_error(declaring("abc", 0)), HasSubstr("more bytes than it declares"));
}

TEST(ZipEntryReader, DataShorterThanDeclaredIsFound) {
  EXPECT_THAT(zip_error(declaring(kText, static_cast<uint32_t>(kText.size() + 1))), HasSubstr("fewer bytes"));
  EXPECT_THAT(zip_error(declaring("abc", 1'000'000'000)), HasSubstr("cannot hold as many bytes"));
  EXPECT_THAT(zip_error(declaring("", 10)), HasSubstr("fewer bytes"));
}

// The most that deflate can do is let through: zeros, ten million in ten kilobytes.
TEST(ZipEntryReader, TheBestCompressionIsNotTakenForALie) {
  const std::string zeros(10'000'000, '\0');
  const std::string zip = made_zip({{"a", zeros, ZipMethod::deflated}});
  EXPECT_LT(zip.size(), 10'000U);
  EXPECT_EQ(all_contents(zip).front().size(), zeros.size());
}

// Claims that the compressed data of the only entry has other bytes.
std::string with_compressed(const std::string& compressed, const std::string& bytes) {
  std::string zip = made_zip({{"a", compressed, ZipMethod::stored}});
  const size_t entry = record_at(zip, kDirectorySignature, 0);
  for (const auto& [at, crc, size, method] :
       {std::tuple{size_t{0}, 14, 22, 8}, std::tuple{entry, 16, 24, 10}}) {
    zip = with(zip, at + static_cast<size_t>(crc), crc32_of(bytes));
    zip = with(zip, at + static_cast<size_t>(size), static_cast<uint32_t>(bytes.size()));
    zip = with(zip, at + static_cast<size_t>(method), uint16_t{8});
  }
  return zip;
}

TEST(ZipEntryReader, DamagedCompressedDataIsFound) {
  const std::string good = raw_deflate(kText);
  EXPECT_EQ(all_contents(with_compressed(good, kText)), std::vector<std::string>{kText});
  EXPECT_THAT(zip_error(with_compressed(good + "x", kText)), HasSubstr("ends before the entry does"));
  EXPECT_THAT(zip_error(with_compressed("\x07" + good, kText)), HasSubstr("damaged"));
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(zip_error(with_compressed(good.substr(0, size), kText)).empty());
  }
}

TEST(ZipEntryReader, ReadingPastTheEndIsRefused) {
  const std::string zip = two_entries();
  const ZipArchive archive(bytes_in_memory(zip, "made.zip"));
  ZipEntryReader reader(archive, archive.entries()[1]);
  std::string bytes(4, '\0');
  EXPECT_THAT(user_error_of([&] { reader.read(bytes); }),
              HasSubstr("made.zip, entry 'second', byte 0 of 3: the entry ends before"));
}

TEST(ZipArchive, OpensFilesOnDisk) {
  const TemporaryFolder folder;
  const ZipArchive archive(open_byte_source(folder.write("a.zip", two_entries())));
  EXPECT_EQ(contents(archive, archive.entries()[0], 9), kText);
  EXPECT_THAT(user_error_of([&] { open_byte_source(folder.path() / "none"); }), HasSubstr("cannot be read"));
  EXPECT_THAT(user_error_of([&] { open_byte_source(folder.path()); }), HasSubstr("no regular file"));
}

TEST(ZipArchive, AFileThatShrinksWhileItIsReadIsRefused) {
  const TemporaryFolder folder;
  const auto file = folder.write("a.zip", two_entries());
  const ZipArchive archive(open_byte_source(file));
  std::filesystem::resize_file(file, 10);
  EXPECT_THAT(user_error_of([&] { contents(archive, archive.entries()[0], 9); }),
              HasSubstr("became shorter"));
}

}  // namespace
}  // namespace timetrial
