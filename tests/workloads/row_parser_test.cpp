#include "workloads/criteo1tb/row_parser.h"

#include <cmath>
#include <vector>

#include <farmhash.h>

#include "criteo_rows.h"
#include "expect_user_error.h"

namespace timetrial {
namespace {

using testing::HasSubstr;

struct Parsed {
  std::vector<float> inputs;
  std::vector<float> labels;
};

Parsed parse(const std::string& bytes, const RowOrigin& origin = {"day_0_00", 0}) {
  Parsed parsed;
  parsed.inputs.resize(100 * kCriteoInputs);
  parsed.labels.resize(100);
  const int64_t rows = parse_criteo_rows(bytes, origin, parsed.inputs.data(), parsed.labels.data());
  parsed.inputs.resize(static_cast<size_t>(rows) * kCriteoInputs);
  parsed.labels.resize(static_cast<size_t>(rows));
  return parsed;
}

float bucket(const std::string& text, uint64_t vocabulary) {
  return static_cast<float>(util::Fingerprint64(text.data(), text.size()) % vocabulary);
}

TEST(RowParser, CategoryIsHashedWithItsColumnNumber) {
  const Parsed parsed = parse(criteo_row_with(14, "68fd1e64"));  // category 0
  EXPECT_EQ(parsed.inputs[13], bucket("68fd1e640", 39884406));
  EXPECT_EQ(parse(criteo_row_with(26, "ab")).inputs[13 + 12], bucket("ab12", 10));
  EXPECT_EQ(parse(criteo_row_with(39, "ab")).inputs[13 + 25], bucket("ab25", 36));
}

TEST(RowParser, MissingCategoryHashesAsZeros) {
  for (const char* missing : {"", "-1"}) {
    EXPECT_EQ(parse(criteo_row_with(17, missing)).inputs[13 + 3], bucket("000000003", 7420)) << missing;
    EXPECT_EQ(parse(criteo_row_with(39, missing)).inputs[38], bucket("0000000025", 36)) << missing;
  }
}

TEST(RowParser, LongCategoriesAreHashedWhole) {
  const std::string field(200, 'x');
  EXPECT_EQ(parse(criteo_row_with(15, field)).inputs[14], bucket(field + "1", 39043));
}

// Ids above 2^24 lose their low bits on the way through float32, as in the definition.
TEST(RowParser, LargeIdsAreRoundedToFloat32) {
  bool rounded = false;
  for (int i = 0; i < 50; ++i) {
    const std::string field = "v" + std::to_string(i);
    const uint64_t id = criteo_category_id(field, 0);
    const float stored = parse(criteo_row_with(14, field)).inputs[13];
    EXPECT_EQ(stored, static_cast<float>(id));
    rounded |= static_cast<uint64_t>(stored) != id;
  }
  EXPECT_TRUE(rounded);
}

TEST(RowParser, IntegersBecomeLogarithms) {
  const std::vector<std::pair<std::string, float>> cases = {{"0", 0.0f},
                                                            {"1", std::log(2.0f)},
                                                            {"1023", std::log(1024.0f)},
                                                            {"1024", std::log(1025.0f)},
                                                            {"-5", 0.0f},
                                                            {"-1", 0.0f},
                                                            {"", 0.0f},
                                                            {"007", std::log(8.0f)},
                                                            {"65535", std::log(65536.0f)},
                                                            {"2147483648", std::log(2147483648.0f + 1.0f)}};
  for (const auto& [field, expected] : cases) {
    EXPECT_EQ(parse(criteo_row_with(1, field)).inputs[0], expected) << field;
    EXPECT_EQ(parse(criteo_row_with(13, field)).inputs[12], expected) << field;
  }
}

TEST(RowParser, LabelsAreZeroOneOrMissing) {
  EXPECT_EQ(parse(criteo_row_with(0, "1")).labels[0], 1.0f);
  for (const char* zero : {"0", "", "-1"}) EXPECT_EQ(parse(criteo_row_with(0, zero)).labels[0], 0.0f) << zero;
}

TEST(RowParser, LastRowMayLackItsNewline) {
  std::string text = criteo_rows(0, 3);
  text.pop_back();
  EXPECT_EQ(parse(text).labels.size(), 3u);
}

struct BadRow {
  std::string name;
  std::string row;
  std::string expected;
};

class RowParserRefuses : public testing::TestWithParam<BadRow> {};

// The bad row is the second of its batch, whose first byte is on line 4 of the file.
TEST_P(RowParserRefuses, WithFileLineAndValue) {
  TemporaryFolder folder;
  const std::string before = criteo_rows(0, 3);
  const std::string batch = criteo_row(3) + GetParam().row;
  const auto file = folder.write("day_3_01", before + batch);
  const std::string message = user_error_of([&] {
    parse(batch, {file, static_cast<int64_t>(before.size())});
  });
  EXPECT_THAT(message, HasSubstr(file.string() + ", line 5"));
  EXPECT_THAT(message, HasSubstr(GetParam().expected));
}

std::string without_last_column() {
  std::string row = criteo_row(5);
  return row.substr(0, row.rfind('\t')) + "\n";
}

std::string with_nul() {
  std::string row = criteo_row(5);
  row[40] = '\0';
  return row;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, RowParserRefuses,
    testing::Values(BadRow{"ThirtyNineColumns", without_last_column(), "39 columns"},
                    BadRow{"FortyOneColumns", criteo_row_with(39, "a\tb"), "41 columns"},
                    BadRow{"EmptyLine", "\n", "1 columns"},
                    BadRow{"TextLabel", criteo_row_with(0, "yes"), "yes"},
                    BadRow{"LabelTwo", criteo_row_with(0, "2"), "neither 0 nor 1"},
                    BadRow{"FractionalInteger", criteo_row_with(4, "1.5"), "column 5"},
                    BadRow{"TextInteger", criteo_row_with(13, "12a"), "12a"},
                    BadRow{"OverflowingInteger", criteo_row_with(2, "99999999999999999999"), "column 3"},
                    BadRow{"LoneMinus", criteo_row_with(2, "-"), "column 3"},
                    BadRow{"NulByte", with_nul(), "NUL"},
                    BadRow{"CarriageReturn", criteo_row_with(39, "abc\r"), "Windows"},
                    BadRow{"CommaSeparated", "0,1,2\n", "1 columns"},
                    BadRow{"EndInsideARow", criteo_row(5).substr(0, 30), "ends in the middle of a row"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace timetrial
