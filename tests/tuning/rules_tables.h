#pragma once

// Reads the tables of rules.md and compares them with the data they describe. Test only.

#include <map>
#include <string>
#include <vector>

#include "tuning/ruleset.h"

namespace timetrial {

struct MarkdownTable {
  std::string heading;  // the nearest heading above it, without the #
  std::vector<std::string> columns;
  std::vector<std::map<std::string, std::string>> rows;  // column -> cell, without backquotes
};

std::vector<MarkdownTable> parse_tables(const std::string& markdown);

// The table that has this column, and whose heading ends with `heading_end`. Throws when it is absent.
const MarkdownTable& find_table(const std::vector<MarkdownTable>& tables, const std::string& column,
                                const std::string& heading_end = "");

// Every difference between a table and the data, in words; empty when they agree.
std::vector<std::string> compare_benchmark(const MarkdownTable& table, const Benchmark& benchmark);
std::vector<std::string> compare_rulesets(const MarkdownTable& table);
std::vector<std::string> compare_held_out(const MarkdownTable& table, const Ruleset& ruleset);

}  // namespace timetrial
