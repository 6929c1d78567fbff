#include "results/exchange/csv_reader.h"

#include <gmock/gmock.h>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

using testing::ElementsAre;

using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(std::string_view text) {
  CsvReader reader(text, "t.csv");
  Rows rows;
  while (reader.next()) rows.emplace_back(reader.cells().begin(), reader.cells().end());
  return rows;
}

TEST(CsvReader, SplitsAtCommasAndKeepsEmptyCells) {
  EXPECT_EQ(rows_of("a,b,c\n1,,\n"), (Rows{{"a", "b", "c"}, {"1", "", ""}}));
}

TEST(CsvReader, NeedsNoLineFeedAtTheEnd) {
  EXPECT_EQ(rows_of("a,b\n1,2"), (Rows{{"a", "b"}, {"1", "2"}}));
}

TEST(CsvReader, TakesCarriageReturnsAndAByteOrderMark) {
  EXPECT_EQ(rows_of("\xEF\xBB\xBF"
                    "a,b\r\n\"1\",\"2\"\r\n3,\r\n"),
            (Rows{{"a", "b"}, {"1", "2"}, {"3", ""}}));
}

TEST(CsvReader, UnquotesCells) {
  EXPECT_EQ(rows_of("\"a,b\",\"say \"\"hi\"\"\",\"\"\n"), (Rows{{"a,b", "say \"hi\"", ""}}));
  EXPECT_EQ(rows_of("x,\"two\nlines\"\ny,1\n"), (Rows{{"x", "two\nlines"}, {"y", "1"}}));
}

TEST(CsvReader, LeavesQuotesWithinACellAlone) {
  EXPECT_EQ(rows_of("5\" disk,b\n"), (Rows{{"5\" disk", "b"}}));
}

TEST(CsvReader, PassesOverBlankLines) {
  EXPECT_EQ(rows_of("\n\na\n\r\nb\n\n"), (Rows{{"a"}, {"b"}}));
}

TEST(CsvReader, CountsLinesAlsoWithinQuotes) {
  CsvReader reader("a\n\n\"x\ny\"\nb\n", "t.csv");
  std::vector<std::string> places;
  while (reader.next()) places.push_back(reader.where());
  EXPECT_THAT(places, ElementsAre("t.csv:1", "t.csv:3", "t.csv:5"));
}

TEST(CsvReader, SaysWhereAQuoteIsNeverClosed) {
  CsvReader reader("a,b\n1,\"2\n3,4\n", "t.csv");
  ASSERT_TRUE(reader.next());
  try {
    reader.next();
    FAIL() << "an open quote was taken";
  } catch (const UserError& error) {
    EXPECT_EQ(error.parts().where, "t.csv:2");
  }
  EXPECT_FALSE(reader.next());
}

TEST(CsvHeader, FindsTheFirstOfTwoColumns) {
  const CsvHeader header({"a", "b", "a"});
  EXPECT_EQ(header.find("a"), 0U);
  EXPECT_EQ(header.find("c"), CsvHeader::kAbsent);
  EXPECT_THROW(header.require("c", "t.csv"), UserError);
}

}  // namespace
}  // namespace timetrial
