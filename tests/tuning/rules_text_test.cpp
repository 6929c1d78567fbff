// rules.md is the normative text; its numbers must be those of the data the programs run by.

#include <cctype>
#include <fstream>
#include <functional>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules_tables.h"

namespace timetrial {
namespace {

using testing::IsEmpty;
using Compare = std::function<std::vector<std::string>(const MarkdownTable&)>;

const std::vector<MarkdownTable>& tables() {
  static const std::vector<MarkdownTable> parsed = [] {
    std::ostringstream text;
    text << std::ifstream(std::string(TIMETRIAL_SOURCE_DIR) + "/rules.md").rdbuf();
    return parse_tables(text.str());
  }();
  return parsed;
}

Compare against(const std::string& benchmark) {
  return [data = load_benchmark(benchmark)](const MarkdownTable& table) {
    return compare_benchmark(table, data);
  };
}

Compare against_held_out_of(const std::string& ruleset) {
  return [data = load_ruleset(ruleset)](const MarkdownTable& table) { return compare_held_out(table, data); };
}

// Guards the comparison itself: one changed digit anywhere in the table must show.
void expect_every_digit_matters(const MarkdownTable& table, const Compare& compare) {
  ASSERT_THAT(compare(table), IsEmpty());
  int digits = 0;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    for (const auto& [column, cell] : table.rows[row]) {
      for (std::size_t i = 0; i < cell.size(); ++i) {
        if (!std::isdigit(static_cast<unsigned char>(cell[i]))) continue;
        MarkdownTable changed = table;
        char& digit = changed.rows[row][column][i];
        digit = digit == '9' ? '8' : static_cast<char>(digit + 1);
        EXPECT_FALSE(compare(changed).empty()) << column << " of row " << row + 1 << ": " << cell;
        ++digits;
      }
    }
  }
  EXPECT_GT(digits, 0);
}

TEST(RulesText, BenchmarkTablesEqualTheData) {
  EXPECT_THAT(against("algoperf-v0.5")(find_table(tables(), "budget in s", "v0.5")), IsEmpty());
  EXPECT_THAT(against("algoperf-v0.6")(find_table(tables(), "budget in s", "v0.6")), IsEmpty());
  EXPECT_THAT(against("algoperf-2026")(find_table(tables(), "budget in s", "2026")), IsEmpty());
}

TEST(RulesText, RulesetTableEqualsTheData) {
  EXPECT_THAT(compare_rulesets(find_table(tables(), "trials per study")), IsEmpty());
}

TEST(RulesText, HeldOutTableEqualsTheDataOfBothRulesets) {
  const MarkdownTable& table = find_table(tables(), "held-out workload");
  EXPECT_THAT(against_held_out_of("algoperf-v0.5-external")(table), IsEmpty());
  EXPECT_THAT(against_held_out_of("algoperf-v0.5-self")(table), IsEmpty());
}

TEST(RulesText, AChangedDigitInATableIsNoticed) {
  expect_every_digit_matters(find_table(tables(), "budget in s", "v0.6"), against("algoperf-v0.6"));
  expect_every_digit_matters(find_table(tables(), "budget in s", "2026"), against("algoperf-2026"));
  expect_every_digit_matters(find_table(tables(), "trials per study"), compare_rulesets);
  expect_every_digit_matters(find_table(tables(), "held-out workload"),
                             against_held_out_of("algoperf-v0.5-self"));
}

TEST(RulesText, AChangedNumberInTheDataIsNoticed) {
  const MarkdownTable& table = find_table(tables(), "budget in s", "v0.6");
  Benchmark changed = load_benchmark("algoperf-v0.6");
  changed.tables["8xV100-16GB"]["wmt_glu_tanh"].test_target.value() += 1e-4;
  EXPECT_EQ(compare_benchmark(table, changed).size(), 1U);
  changed = load_benchmark("algoperf-v0.6");
  changed.tables["8xV100-16GB"].erase("ogbg");
  EXPECT_EQ(compare_benchmark(table, changed).size(), 1U);
}

TEST(RulesText, AMissingOrRepeatedRowIsNoticed) {
  MarkdownTable table = find_table(tables(), "budget in s", "v0.5");
  table.rows.push_back(table.rows.front());
  EXPECT_FALSE(against("algoperf-v0.5")(table).empty());
  table.rows.resize(3);
  EXPECT_FALSE(against("algoperf-v0.5")(table).empty());
}

}  // namespace
}  // namespace timetrial
