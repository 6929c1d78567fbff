#include "workloads/npz/npy_header.h"

#include <limits>

#include <gtest/gtest.h>

#include "expect_user_error.h"
#include "made_zip.h"

namespace timetrial {
namespace {

using testing::HasSubstr;
using Shape = std::vector<int64_t>;

NpyHeader parse(const std::string& header) {
  EXPECT_EQ(npy_header_bytes(std::string_view(header).substr(0, kNpyPreambleBytes), "made"), header.size());
  return parse_npy_header(header, "made");
}

NpyHeader parse_dictionary(const std::string& dictionary) {
  return parse(made_npy(dictionary, ""));
}

std::string header_error(const std::string& dictionary) {
  return user_error_of([&] { parse_dictionary(dictionary); });
}

TEST(NpyHeader, ReadsWhatNumPyWrites) {
  const NpyHeader header = parse_dictionary(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }                                     ");
  EXPECT_EQ(header.type, NpyType::float32);
  EXPECT_FALSE(header.fortran_order);
  EXPECT_EQ(header.shape, (Shape{2, 3}));
  EXPECT_EQ(header.values(), 6);
  EXPECT_EQ(header.value_bytes(), 24U);
}

TEST(NpyHeader, ReadsEveryShape) {
  const auto shape = [](const std::string& text) {
    return parse_dictionary(dictionary_of("<f4", text)).shape;
  };
  EXPECT_EQ(shape("()"), Shape{});
  EXPECT_EQ(shape("( )"), Shape{});
  EXPECT_EQ(shape("(7,)"), Shape{7});
  EXPECT_EQ(shape("(7, 8)"), (Shape{7, 8}));
  EXPECT_EQ(shape("(7,8,)"), (Shape{7, 8}));
  EXPECT_EQ(shape("(0, 4294967296)"), (Shape{0, 4294967296}));
  EXPECT_EQ(shape("(7L, 8L)"), (Shape{7, 8}));
  EXPECT_EQ(parse_dictionary(dictionary_of("<f4", "()")).values(), 1);
  EXPECT_EQ(parse_dictionary(dictionary_of("<f4", "(5, 0)")).values(), 0);
}

TEST(NpyHeader, ReadsEveryType) {
  const auto type = [](const std::string& descr) {
    return parse_dictionary(dictionary_of(descr, "()")).type;
  };
  for (const NpyType expected :
       {NpyType::float32, NpyType::float64, NpyType::int32, NpyType::int64, NpyType::int8, NpyType::uint8}) {
    EXPECT_EQ(type(std::string(npy_descr(expected))), expected);
    for (const char* order : {"<", "=", "|"}) {
      EXPECT_EQ(type(order + std::string(npy_descr(expected).substr(1))), expected);
    }
  }
  EXPECT_EQ(type(">u1"), NpyType::uint8);
}

TEST(NpyHeader, ReadsEveryVersion) {
  for (const char version : {'\1', '\2', '\3'}) {
    const NpyHeader header = parse(made_npy(dictionary_of("<i8", "(4,)"), "", version));
    EXPECT_EQ(header.shape, Shape{4});
    EXPECT_EQ(header.header_bytes, made_npy(dictionary_of("<i8", "(4,)"), "", version).size());
  }
  EXPECT_EQ(parse(made_npy(dictionary_of("<i8", "(4,)") + std::string(70'000, ' '), "", 2)).shape, Shape{4});
}

TEST(NpyHeader, TakesKeysInAnyOrderAndEitherQuotes) {
  const NpyHeader header = parse_dictionary("{\"shape\":(3,),'fortran_order' : True , \"descr\":\"|i1\"}");
  EXPECT_EQ(header.type, NpyType::int8);
  EXPECT_TRUE(header.fortran_order);
  EXPECT_EQ(header.shape, Shape{3});
}

TEST(NpyHeader, KnowsWhenTheOrderMakesADifference) {
  const auto transposed = [](const std::string& shape, const std::string& order) {
    return parse_dictionary(dictionary_of("<f4", shape, order)).is_transposed();
  };
  EXPECT_TRUE(transposed("(2, 3)", "True"));
  EXPECT_FALSE(transposed("(2, 3)", "False"));
  EXPECT_FALSE(transposed("(6,)", "True"));
  EXPECT_FALSE(transposed("(1, 3, 1)", "True"));
  EXPECT_FALSE(transposed("(2, 3, 0)", "True"));
  EXPECT_FALSE(transposed("()", "True"));
}

TEST(NpyHeader, RefusesByNameWhatItDoesNotRead) {
  EXPECT_THAT(header_error(dictionary_of("|O", "(2,)")), HasSubstr("Python objects"));
  EXPECT_THAT(header_error(dictionary_of("O", "(2,)")), HasSubstr("Python objects"));
  EXPECT_THAT(header_error(dictionary_of(">f4", "(2,)")), HasSubstr("big-endian numbers (found: '>f4')"));
  EXPECT_THAT(header_error(dictionary_of(">i8", "(2,)")), HasSubstr("array.astype('<i8')"));
  EXPECT_THAT(header_error("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }"),
              HasSubstr("made, byte 20: the array has a structured type"));
  for (const char* descr :
       {"<f2", "<u4", "|b1", "<c8", "<U5", "|S3", "<M8[ns]", "f4", "", "<", "<f44", "<f"}) {
    EXPECT_THAT(header_error(dictionary_of(descr, "(2,)")), HasSubstr("is none of <f4")) << descr;
  }
  EXPECT_THAT(header_error(dictionary_of("a\x01\xff", "(2,)")), HasSubstr("'a\\x01\\xff'"));
}

TEST(NpyHeader, RefusesOtherDictionaries) {
  EXPECT_THAT(header_error("  "), HasSubstr("'{' is expected"));
  EXPECT_THAT(header_error("{}"), HasSubstr("lacks one of"));
  EXPECT_THAT(header_error("{'descr': '<f4', 'shape': (2,), }"), HasSubstr("lacks one of"));
  const std::string good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), ";
  EXPECT_THAT(header_error(good + "'more': 1}"), HasSubstr("a key too many (found: 'more')"));
  EXPECT_THAT(header_error(good + "'shape': (3,)}"), HasSubstr("a key too many"));
  EXPECT_THAT(header_error(good), HasSubstr("a text in quotes"));
  EXPECT_THAT(header_error(good + "} x"), HasSubstr("does not end with a line feed"));
  EXPECT_THAT(header_error(good + "}\n"), HasSubstr("does not end with a line feed"));
  EXPECT_THAT(header_error("{'descr"), HasSubstr("does not end"));
  EXPECT_THAT(header_error("{'descr' '<f4'}"), HasSubstr("':' is expected"));
  EXPECT_THAT(header_error("{'descr': '<f4' 'fortran_order': False}"), HasSubstr("'}' is expected"));
  for (const char* order : {"0", "true", "Fals", "None"}) {
    EXPECT_THAT(header_error(dictionary_of("<f4", "(2,)", order)), HasSubstr("neither True nor False"))
        << order;
  }
  EXPECT_FALSE(header_error(dictionary_of("<f4", "(2,)", "Falsehood")).empty());
}

TEST(NpyHeader, RefusesOtherShapes) {
  const auto error = [](const std::string& shape) { return header_error(dictionary_of("<f4", shape)); };
  EXPECT_THAT(error("(2)"), HasSubstr("a number instead of a tuple"));
  EXPECT_THAT(error("2"), HasSubstr("'(' is expected"));
  EXPECT_THAT(error("[2]"), HasSubstr("'(' is expected"));
  EXPECT_THAT(error("(-1,)"), HasSubstr("no number from 0 on"));
  EXPECT_THAT(error("(1.5,)"), HasSubstr("',' or ')' is expected"));
  EXPECT_THAT(error("(,)"), HasSubstr("no number from 0 on"));
  EXPECT_THAT(error("(1,,2)"), HasSubstr("no number from 0 on"));
  EXPECT_THAT(error("(01,)"), HasSubstr("starts with 0"));
  EXPECT_THAT(error("(2"), HasSubstr("no number from 0 on"));
  std::string many = "(";
  for (int i = 0; i < 64; ++i) many += "1,";
  EXPECT_EQ(parse_dictionary(dictionary_of("<f4", many + ")")).shape.size(), 64U);
  EXPECT_THAT(error(many + "1)"), HasSubstr("more than 64 dimensions"));
}

TEST(NpyHeader, RefusesShapesThatOverflow) {
  const auto error = [](const std::string& shape) { return header_error(dictionary_of("<f8", shape)); };
  EXPECT_THAT(error("(9223372036854775808,)"), HasSubstr("a dimension of the array is too large"));
  EXPECT_THAT(error("(99999999999999999999999999,)"), HasSubstr("a dimension of the array is too large"));
  EXPECT_THAT(error("(1152921504606846976,)"), HasSubstr("more values than there can be"));
  EXPECT_THAT(error("(4294967296, 4294967296)"), HasSubstr("found: (4294967296, 4294967296)"));
  EXPECT_THAT(error("(65536, 65536, 65536, 65536)"), HasSubstr("more values than there can be"));
  EXPECT_THAT(error("(0, 4294967296, 4294967296)"), HasSubstr("more values than there can be"));
  const NpyHeader largest = parse_dictionary(dictionary_of("|i1", "(9223372036854775807, 1)"));
  EXPECT_EQ(largest.values(), std::numeric_limits<int64_t>::max());
}

TEST(NpyHeader, RefusesOtherPreambles) {
  const auto error = [](std::string preamble) {
    preamble.resize(kNpyPreambleBytes);
    return user_error_of([&] { npy_header_bytes(preamble, "made"); });
  };
  EXPECT_THAT(error("\x80\x04\x95 pickle"), HasSubstr("pickle of Python"));
  EXPECT_THAT(error("\x93NUMPX"), HasSubstr("made, byte 0: the entry does not start with"));
  EXPECT_THAT(error("\x93NUMPY\x04"), HasSubstr("(found: 4.0)"));
  EXPECT_THAT(error(std::string("\x93NUMPY\0\0", 8)), HasSubstr("(found: 0.0)"));
  EXPECT_THAT(error("\x93NUMPY\x01\x01"), HasSubstr("(found: 1.1)"));
  EXPECT_THAT(error(std::string("\x93NUMPY\x02\0\xff\xff\xff\xff", 12)),
              HasSubstr("longer than 1048576 bytes"));
  EXPECT_THAT(error(std::string("\x93NUMPY\x01\0\x01\0", 10)), HasSubstr("too short for a dictionary"));
}

// Whatever byte is changed: another header, or a UserError.
TEST(NpyHeader, NoChangedByteDoesMore) {
  const std::string good = npy_header_text(NpyType::int32, Shape{12, 3});
  size_t refused = 0;
  for (size_t i = kNpyPreambleBytes; i < good.size(); ++i) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = good;
      changed[i] = static_cast<char>(byte);
      try {
        parse_npy_header(changed, "made");
      } catch (const UserError&) {
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, (good.size() - kNpyPreambleBytes) * 240);
}

TEST(NpyHeader, WritesWhatItReads) {
  for (const Shape& shape : {Shape{}, Shape{0}, Shape{5}, Shape{5, 0, 7}, Shape(64, 1)}) {
    for (const NpyType type : {NpyType::float64, NpyType::uint8}) {
      const std::string text = npy_header_text(type, shape);
      EXPECT_EQ(text.size() % 64, 0U);
      const NpyHeader header = parse(text);
      EXPECT_EQ(header.type, type);
      EXPECT_EQ(header.shape, shape);
      EXPECT_FALSE(header.fortran_order);
    }
  }
}

}  // namespace
}  // namespace timetrial
