#include "results/exchange/evaluation_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "harness/errors/user_error.h"
#include "results/exchange/csv_reader.h"
#include "results/exchange/logged_number.h"
#include "results/exchange/plain_name.h"
#include "results/scoring/special_values.h"

namespace timetrial {

namespace {

bool is_metric(std::string_view column) {
  constexpr std::array<std::string_view, 3> kSets = {"train/", "validation/", "test/"};
  const auto of_set = [&](std::string_view set) {
    return column.starts_with(set) && column.size() > set.size();
  };
  return std::any_of(kSets.begin(), kSets.end(), of_set) && !column.ends_with("/num_examples") &&
         is_plain_text(column);
}

struct Columns {
  std::size_t step;
  std::size_t seconds;
  std::size_t evaluation_seconds;
  std::size_t logging_seconds;
  std::size_t wall_seconds;
  std::vector<std::pair<std::string, std::size_t>> metrics;

  // "score" is what AlgoPerf's scorer reads; it is the same number as accumulated_submission_time.
  Columns(const CsvHeader& header, const std::string& file)
      : step(header.require("global_step", file)),
        seconds(header.find("accumulated_submission_time")),
        evaluation_seconds(header.find("accumulated_eval_time")),
        logging_seconds(header.find("accumulated_logging_time")),
        wall_seconds(header.find("total_duration")) {
    if (seconds == CsvHeader::kAbsent) seconds = header.find("score");
    if (seconds == CsvHeader::kAbsent) seconds = header.require("accumulated_submission_time", file);
    for (const std::string& name : header.names()) {
      if (is_metric(name)) metrics.emplace_back(name, header.find(name));
    }
  }
};

struct RowProblem {
  std::string detail;
};

double seconds_or_zero(const std::vector<std::string_view>& cells, std::size_t column) {
  return column == CsvHeader::kAbsent ? 0 : finite_number(cells[column]).value_or(0);
}

// Throws RowProblem. `not_numbers` counts metric cells without a number.
EvaluationRecord evaluation_from(const std::vector<std::string_view>& cells, const Columns& columns,
                                 std::size_t& not_numbers) {
  EvaluationRecord evaluation;
  const std::optional<int64_t> step = whole_number(cells[columns.step]);
  if (!step || *step < 0) {
    throw RowProblem{
        fmt::format("global_step must be a whole number from 0 (found: {})", cells[columns.step])};
  }
  const std::optional<double> seconds = finite_number(cells[columns.seconds]);
  if (!seconds) {
    throw RowProblem{
        fmt::format("accumulated_submission_time must be a number (found: {})", cells[columns.seconds])};
  }
  evaluation.step = *step;
  evaluation.submission_seconds = *seconds;
  evaluation.evaluation_seconds = seconds_or_zero(cells, columns.evaluation_seconds);
  evaluation.logging_seconds = seconds_or_zero(cells, columns.logging_seconds);
  evaluation.wall_seconds = seconds_or_zero(cells, columns.wall_seconds);
  evaluation.training_loss = kNan;
  std::size_t without_number = 0;
  for (const auto& [name, column] : columns.metrics) {
    const std::optional<double> value = finite_number(cells[column]);
    if (!value && !is_not_a_number(cells[column])) {
      throw RowProblem{fmt::format("{} must be a number (found: {})", name, cells[column])};
    }
    if (!value) ++without_number;
    evaluation.metrics.emplace(name, value.value_or(kNan));
  }
  not_numbers += without_number;
  return evaluation;
}

void read_rows(CsvReader& reader, const CsvHeader& header, EvaluationTable& table) {
  const Columns columns(header, reader.name());
  std::size_t not_numbers = 0;
  while (reader.next()) {
    const std::size_t cells = reader.cells().size();
    if (cells != header.names().size()) {
      table.problems.push_back({ProblemKind::ragged_row, reader.where(),
                                fmt::format("{} cells, the header has {}", cells, header.names().size()),
                                true});
      continue;
    }
    try {
      table.evaluations.push_back(evaluation_from(reader.cells(), columns, not_numbers));
    } catch (const RowProblem& problem) {
      table.problems.push_back({ProblemKind::bad_number, reader.where(), problem.detail, true});
    }
  }
  if (not_numbers > 0) {
    table.problems.push_back(
        {ProblemKind::not_a_number, reader.name(),
         fmt::format("{} of {} values", not_numbers, columns.metrics.size() * table.evaluations.size())});
  }
}

}  // namespace

EvaluationTable read_evaluation_table(std::string_view text, const std::string& where) {
  EvaluationTable table;
  CsvReader reader(text, where);
  bool has_header = false;
  try {
    if (!reader.next()) return table;
    const CsvHeader header(reader.cells());
    Columns(header, where);
    has_header = true;
    read_rows(reader, header, table);
  } catch (const UserError& error) {
    table.usable = has_header;
    const ProblemKind kind = has_header ? ProblemKind::unclosed_quote : ProblemKind::missing_column;
    table.problems.push_back({kind, error.parts().where, has_header ? "" : error.parts().what, true});
  }
  return table;
}

}  // namespace timetrial
