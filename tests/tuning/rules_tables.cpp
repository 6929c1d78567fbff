#include "rules_tables.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>

namespace timetrial {

namespace {

using Row = std::map<std::string, std::string>;

std::vector<std::string> split_cells(const std::string& line) {
  std::vector<std::string> cells;
  for (std::size_t start = 1; start < line.size();) {
    const std::size_t end = line.find('|', start);
    std::string cell = line.substr(start, end - start);
    cell.erase(std::remove(cell.begin(), cell.end(), '`'), cell.end());
    const std::size_t first = cell.find_first_not_of(' ');
    cells.push_back(first == std::string::npos ? ""
                                               : cell.substr(first, cell.find_last_not_of(' ') - first + 1));
    start = end == std::string::npos ? line.size() : end + 1;
  }
  return cells;
}

class Comparison {
 public:
  explicit Comparison(std::string place) : place_(std::move(place)) {}

  void number(const Row& row, const std::string& column, double data) {
    std::size_t used = 0;
    const std::string& cell = row.at(column);
    double written = 0;
    try {
      written = std::stod(cell, &used);
    } catch (const std::exception&) {
    }
    if (used == 0 || used != cell.size() || written != data) add(column, cell, std::to_string(data));
  }

  void optional_number(const Row& row, const std::string& column, std::optional<double> data) {
    data ? number(row, column, *data) : text(row, column, "–");
  }

  void text(const Row& row, const std::string& column, const std::string& data) {
    if (row.at(column) != data) add(column, row.at(column), data);
  }

  void add(const std::string& column, const std::string& written, const std::string& data) {
    differences.push_back(place_ + ", " + column + ": rules.md says " + written + ", the data say " + data);
  }

  std::vector<std::string> differences;

 private:
  std::string place_;
};

// The rows must name exactly `expected`, each once.
void compare_names(const MarkdownTable& table, const std::string& column,
                   const std::vector<std::string>& expected, std::vector<std::string>& differences) {
  std::multiset<std::string> written;
  for (const Row& row : table.rows) written.insert(row.at(column));
  const std::multiset<std::string> data(expected.begin(), expected.end());
  for (const std::string& name : data) {
    if (written.count(name) != 1)
      differences.push_back(name + " stands " + std::to_string(written.count(name)) + " times in rules.md");
  }
  for (const std::string& name : written) {
    if (!data.count(name)) differences.push_back(name + " of rules.md is not in the data");
  }
}

std::string with_spaces(std::string text) {
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

}  // namespace

std::vector<MarkdownTable> parse_tables(const std::string& markdown) {
  std::vector<MarkdownTable> tables;
  std::istringstream lines(markdown);
  std::string heading;
  bool in_table = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("#")) heading = line.substr(line.find_first_not_of("# "));
    if (!line.starts_with("|")) {
      in_table = false;
      continue;
    }
    const std::vector<std::string> cells = split_cells(line);
    if (!in_table) {
      tables.push_back({heading, cells, {}});
      in_table = true;
    } else if (!cells.front().starts_with("---")) {
      if (cells.size() != tables.back().columns.size()) throw std::runtime_error("ragged table row: " + line);
      Row& row = tables.back().rows.emplace_back();
      for (std::size_t i = 0; i < cells.size(); ++i) row[tables.back().columns[i]] = cells[i];
    }
  }
  return tables;
}

const MarkdownTable& find_table(const std::vector<MarkdownTable>& tables, const std::string& column,
                                const std::string& heading_end) {
  for (const MarkdownTable& table : tables) {
    if (std::count(table.columns.begin(), table.columns.end(), column) &&
        table.heading.ends_with(heading_end))
      return table;
  }
  throw std::runtime_error("rules.md has no table with the column " + column + " under " + heading_end);
}

std::vector<std::string> compare_benchmark(const MarkdownTable& table, const Benchmark& benchmark) {
  const auto& data = benchmark.tables.at(benchmark.default_hardware_class);
  std::vector<std::string> names;
  for (const auto& [name, rules] : data) names.push_back(name);
  std::vector<std::string> differences;
  compare_names(table, "workload", names, differences);
  for (const Row& row : table.rows) {
    const auto found = data.find(row.at("workload"));
    if (found == data.end()) continue;
    const WorkloadRules& rules = found->second;
    Comparison comparison(benchmark.name + ", " + rules.full_name());
    comparison.text(row, "metric", with_spaces(rules.metric));
    comparison.text(row, "direction", rules.minimize ? "minimize" : "maximize");
    comparison.number(row, "validation target", rules.validation_target);
    comparison.optional_number(row, "test target", rules.test_target);
    comparison.number(row, "budget in s", rules.budget_seconds);
    comparison.number(row, "evaluation period in s", rules.evaluation_period_seconds);
    comparison.number(row, "step hint", static_cast<double>(rules.step_hint));
    comparison.number(row, "default batch", static_cast<double>(rules.default_batch_size));
    comparison.number(row, "evaluation batch", static_cast<double>(rules.evaluation_batch_size));
    differences.insert(differences.end(), comparison.differences.begin(), comparison.differences.end());
  }
  return differences;
}

std::vector<std::string> compare_rulesets(const MarkdownTable& table) {
  std::vector<std::string> differences;
  compare_names(table, "ruleset", builtin_rulesets(), differences);
  if (!differences.empty()) return differences;
  for (const Row& row : table.rows) {
    const Ruleset ruleset = load_ruleset(row.at("ruleset"));
    Comparison comparison(ruleset.name);
    comparison.number(row, "version", static_cast<double>(ruleset.version));
    comparison.text(row, "tuning", ruleset.tuning == TuningMode::external ? "external" : "self-tuning");
    comparison.number(row, "studies", static_cast<double>(ruleset.studies));
    comparison.number(row, "trials per study", static_cast<double>(ruleset.trials_per_study));
    comparison.number(row, "budget factor", ruleset.budget_factor);
    comparison.text(row, "stop rule", ruleset.stop_rule);
    comparison.number(row, "scored workloads", static_cast<double>(ruleset.workloads.size()));
    comparison.number(row, "held-out workloads", static_cast<double>(ruleset.held_out.size()));
    comparison.text(row, "trial choice", ruleset.scoring.trial_choice);
    comparison.text(row, "missing study", ruleset.scoring.missing_study);
    comparison.text(row, "ties", ruleset.scoring.ties);
    comparison.number(row, "tau max", ruleset.scoring.tau_max);
    comparison.number(row, "tau points", static_cast<double>(ruleset.scoring.tau_points));
    comparison.text(row, "kernel cache", ruleset.kernel_cache);
    comparison.number(row, "reference drift", ruleset.reference_drift);
    comparison.text(row, "isolation", ruleset.isolation);
    differences.insert(differences.end(), comparison.differences.begin(), comparison.differences.end());
  }
  return differences;
}

std::vector<std::string> compare_held_out(const MarkdownTable& table, const Ruleset& ruleset) {
  std::vector<std::string> differences;
  compare_names(table, "held-out workload", ruleset.held_out, differences);
  const Benchmark benchmark = load_benchmark(ruleset.benchmark);
  for (const Row& row : table.rows) {
    const auto& data = benchmark.tables.at(benchmark.default_hardware_class);
    const auto found = data.find(row.at("held-out workload"));
    if (found == data.end()) continue;
    Comparison comparison(found->first);
    comparison.text(row, "of workload", found->second.workload);
    differences.insert(differences.end(), comparison.differences.begin(), comparison.differences.end());
  }
  return differences;
}

}  // namespace timetrial
