#include "results/exchange/tidy_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <tuple>
#include <unordered_map>

#include <fmt/format.h>

#include "harness/errors/user_error.h"
#include "harness/text/utf8.h"
#include "results/exchange/csv_reader.h"
#include "results/exchange/logged_number.h"
#include "results/exchange/plain_name.h"
#include "results/scoring/special_values.h"

namespace timetrial {

namespace {

constexpr std::size_t kKeyColumns = 5;
constexpr std::array<const char*, kKeyColumns> kKeyNames = {"submission", "study", "workload", "framework",
                                                            "trial"};
constexpr std::size_t kFramework = 3;

using Key = std::array<std::string_view, kKeyColumns>;

// An evaluation and the number its row gives it, for putting rows in order.
struct Numbered {
  int64_t index = 0;
  EvaluationRecord evaluation;
};

struct OpenTrial {
  TidyTrial trial;
  std::vector<Numbered> rows;
  std::size_t not_numbers = 0;
  bool in_order = true;
};

// A row that cannot be used; the others can.
struct BadRow {
  ProblemKind kind;
  std::string detail;
};

class TidyReader {
 public:
  TidyTable finish() &&;
  void read_evaluations(const TidyText& table);
  void read_trials(const TidyText& table);

 private:
  struct KeyColumns {
    std::array<std::size_t, kKeyColumns> columns;

    KeyColumns(const CsvHeader& header, const std::string& file) {
      for (std::size_t i = 0; i < kKeyColumns; ++i) {
        columns[i] = i == kFramework ? header.find(kKeyNames[i]) : header.require(kKeyNames[i], file);
      }
    }
    Key of(const std::vector<std::string_view>& cells) const {
      Key key;
      for (std::size_t i = 0; i < kKeyColumns; ++i) {
        if (columns[i] != CsvHeader::kAbsent) key[i] = cells[columns[i]];
      }
      return key;
    }
  };
  struct EvaluationColumns {
    KeyColumns key;
    std::size_t index, step, seconds, evaluation_seconds, logging_seconds, wall_seconds, metric, validation,
        test, train;

    EvaluationColumns(const CsvHeader& header, const std::string& file);
  };

  template <typename UseRow>
  void read_rows(CsvReader& reader, const CsvHeader& header, const UseRow& use_row);
  OpenTrial& trial_of(const Key& key);
  void add_row(const EvaluationColumns& columns, const std::vector<std::string_view>& cells,
               const CsvReader& reader);
  void put_in_order(OpenTrial& open);

  std::vector<OpenTrial> trials_;
  std::unordered_map<std::string, std::size_t> places_;  // joined key -> place in trials_
  Key newest_key_;                                       // views into newest_text_
  std::array<std::string, kKeyColumns> newest_text_;
  std::size_t newest_ = CsvHeader::kAbsent;
  ImportProblems problems_;
  std::string evaluations_name_;
  bool listed_ = false;
};

TidyReader::EvaluationColumns::EvaluationColumns(const CsvHeader& header, const std::string& file)
    : key(header, file),
      index(header.find("eval_index")),
      step(header.require("global_step", file)),
      seconds(header.require("accumulated_submission_time", file)),
      evaluation_seconds(header.find("accumulated_eval_time")),
      logging_seconds(header.find("accumulated_logging_time")),
      wall_seconds(header.find("total_duration")),
      metric(header.require("metric", file)),
      validation(header.require("validation_value", file)),
      test(header.find("test_value")),
      train(header.find("train_value")) {}

int64_t require_whole(std::string_view cell, const char* column) {
  const std::optional<int64_t> value = whole_number(cell);
  if (!value || *value < 0) {
    throw BadRow{ProblemKind::bad_number,
                 fmt::format("{} must be a whole number from 0 (found: {})", column, cell)};
  }
  return *value;
}

double require_seconds(std::string_view cell, const char* column) {
  const std::optional<double> value = finite_number(cell);
  if (!value)
    throw BadRow{ProblemKind::bad_number, fmt::format("{} must be a number (found: {})", column, cell)};
  return *value;
}

double optional_seconds(const std::vector<std::string_view>& cells, std::size_t column) {
  return column == CsvHeader::kAbsent ? 0 : finite_number(cells[column]).value_or(0);
}

double metric_value(std::string_view cell, const char* column) {
  if (const std::optional<double> value = finite_number(cell)) return *value;
  if (is_not_a_number(cell)) return kNan;
  throw BadRow{ProblemKind::bad_number, fmt::format("{} must be a number (found: {})", column, cell)};
}

TidyTrial trial_from(const Key& key) {
  TidyTrial trial;
  for (const std::size_t name : {std::size_t{0}, std::size_t{2}}) {
    if (is_plain_name(key[name])) continue;
    throw BadRow{ProblemKind::unusable_name,
                 std::string(kKeyNames[name]) + " must be a plain name without slashes"};
  }
  if (!key[kFramework].empty() && !is_plain_name(key[kFramework])) {
    throw BadRow{ProblemKind::unusable_name, "framework must be a plain name without slashes"};
  }
  trial.submission = key[0];
  trial.study = require_whole(key[1], kKeyNames[1]);
  trial.workload = key[2];
  trial.framework = key[kFramework];
  trial.trial = require_whole(key[4], kKeyNames[4]);
  return trial;
}

OpenTrial& TidyReader::trial_of(const Key& key) {
  if (newest_ != CsvHeader::kAbsent && key == newest_key_) return trials_[newest_];
  TidyTrial trial = trial_from(key);
  const auto [place, is_new] = places_.emplace(trial.place() + '\n' + trial.framework, trials_.size());
  if (is_new) trials_.emplace_back().trial = std::move(trial);
  newest_ = place->second;
  for (std::size_t i = 0; i < kKeyColumns; ++i) {
    newest_text_[i] = key[i];
    newest_key_[i] = newest_text_[i];
  }
  return trials_[newest_];
}

bool same_moment(const Numbered& left, const Numbered& right) {
  return left.index == right.index && left.evaluation.step == right.evaluation.step &&
         left.evaluation.submission_seconds == right.evaluation.submission_seconds;
}

// Rows of one evaluation may name one metric each. False when a metric comes a second time.
bool merge(Numbered& into, const Numbered& row) {
  const auto known = [&](const auto& metric) { return into.evaluation.metrics.count(metric.first) != 0; };
  if (std::any_of(row.evaluation.metrics.begin(), row.evaluation.metrics.end(), known)) return false;
  into.evaluation.metrics.insert(row.evaluation.metrics.begin(), row.evaluation.metrics.end());
  return true;
}

void TidyReader::add_row(const EvaluationColumns& columns, const std::vector<std::string_view>& cells,
                         const CsvReader& reader) {
  Numbered row;
  row.evaluation.step = require_whole(cells[columns.step], "global_step");
  row.evaluation.submission_seconds = require_seconds(cells[columns.seconds], "accumulated_submission_time");
  row.evaluation.evaluation_seconds = optional_seconds(cells, columns.evaluation_seconds);
  row.evaluation.logging_seconds = optional_seconds(cells, columns.logging_seconds);
  row.evaluation.wall_seconds = optional_seconds(cells, columns.wall_seconds);
  row.evaluation.training_loss = kNan;
  const std::string_view metric = cells[columns.metric];
  if (!is_plain_text(metric)) throw BadRow{ProblemKind::unusable_name, "metric must be a plain name"};
  const double validation = metric_value(cells[columns.validation], "validation_value");
  std::string name = "validation/";
  row.evaluation.metrics.emplace(name += metric, validation);
  for (const auto& [prefix, column] : {std::pair{"test/", columns.test}, {"train/", columns.train}}) {
    if (column == CsvHeader::kAbsent || cells[column].empty()) continue;
    name = prefix;
    row.evaluation.metrics.emplace(name += metric, metric_value(cells[column], prefix));
  }
  const bool numbered = columns.index != CsvHeader::kAbsent;
  if (numbered) row.index = require_whole(cells[columns.index], "eval_index");
  OpenTrial& open = trial_of(columns.key.of(cells));
  if (std::isnan(validation)) ++open.not_numbers;
  if (!open.rows.empty() && same_moment(open.rows.back(), row)) {
    if (merge(open.rows.back(), row)) return;
    problems_.push_back({ProblemKind::repeated_evaluation, reader.where(), open.trial.place(), true});
    return;
  }
  if (numbered && !open.rows.empty() && row.index <= open.rows.back().index) open.in_order = false;
  open.rows.push_back(std::move(row));
}

// Rows that are out of order: the parts of one evaluation are put together, then sorted by its number. Where
// a number stands for several evaluations (a restart that counts anew) the order of the file is kept.
void TidyReader::put_in_order(OpenTrial& open) {
  std::vector<Numbered> merged;
  std::map<std::tuple<int64_t, int64_t, double>, std::size_t> moments;
  std::set<int64_t> indices;
  for (Numbered& row : open.rows) {
    const auto [moment, is_new] = moments.emplace(
        std::tuple{row.index, row.evaluation.step, row.evaluation.submission_seconds}, merged.size());
    if (is_new) {
      indices.insert(row.index);
      merged.push_back(std::move(row));
    } else if (!merge(merged[moment->second], row)) {
      problems_.push_back({ProblemKind::repeated_evaluation, open.trial.place(),
                           fmt::format("eval_index {}", row.index), true});
    }
  }
  if (indices.size() == merged.size()) {
    std::sort(merged.begin(), merged.end(),
              [](const Numbered& left, const Numbered& right) { return left.index < right.index; });
  }
  open.rows = std::move(merged);
}

template <typename UseRow>
void TidyReader::read_rows(CsvReader& reader, const CsvHeader& header, const UseRow& use_row) {
  try {
    while (reader.next()) {
      const std::size_t cells = reader.cells().size();
      if (cells != header.names().size()) {
        problems_.push_back({ProblemKind::ragged_row, reader.where(),
                             fmt::format("{} cells, the header has {}", cells, header.names().size()), true});
        continue;
      }
      try {
        use_row(reader.cells());
      } catch (const BadRow& bad) {
        problems_.push_back({bad.kind, reader.where(), bad.detail, true});
      }
    }
  } catch (const UserError& error) {
    problems_.push_back({ProblemKind::unclosed_quote, error.parts().where, "", true});
  }
}

CsvHeader read_header(CsvReader& reader) {
  if (reader.next()) return CsvHeader(reader.cells());
  throw UserError(
      {"the file is empty", reader.name(), "", "give a table with a header; README.md lists its columns"});
}

void TidyReader::read_evaluations(const TidyText& table) {
  CsvReader reader(table.text, table.name);
  evaluations_name_ = table.name;
  const CsvHeader header = read_header(reader);
  const EvaluationColumns columns(header, table.name);
  read_rows(reader, header,
            [&](const std::vector<std::string_view>& cells) { add_row(columns, cells, reader); });
  newest_ = CsvHeader::kAbsent;
}

void TidyReader::read_trials(const TidyText& table) {
  listed_ = true;
  CsvReader reader(table.text, table.name);
  const CsvHeader header = read_header(reader);
  const KeyColumns key(header, table.name);
  const std::size_t status = header.find("status");
  read_rows(reader, header, [&](const std::vector<std::string_view>& cells) {
    if (status != CsvHeader::kAbsent && cells[status].ends_with("_absent")) {
      problems_.push_back(
          {ProblemKind::missing_trials, trial_from(key.of(cells)).place(), std::string(cells[status])});
      return;
    }
    if (!std::all_of(cells.begin(), cells.end(), is_utf8)) {
      throw BadRow{ProblemKind::unusable_name, "a cell is not UTF-8"};
    }
    TidyTrial& trial = trial_of(key.of(cells)).trial;
    if (!trial.listed.empty()) throw BadRow{ProblemKind::status_differs, "the trial is listed twice"};
    for (std::size_t i = 0; i < cells.size(); ++i) trial.listed.emplace(header.names()[i], cells[i]);
  });
}

// What the two tables say of one trial must agree; the evaluations are what counts.
void compare(const TidyTrial& trial, ImportProblems& problems) {
  if (trial.listed.empty()) {
    problems.push_back({ProblemKind::status_differs, trial.place(), "it is not in the table of trials"});
    return;
  }
  const auto found = trial.listed.find("n_evals");
  if (found == trial.listed.end() || found->second.empty()) return;
  const std::optional<int64_t> expected = whole_number(std::string_view(found->second));
  if (expected && *expected == std::ssize(trial.evaluations)) return;
  problems.push_back({ProblemKind::status_differs, trial.place(),
                      fmt::format("n_evals is {}, there are {}", found->second, trial.evaluations.size())});
}

TidyTable TidyReader::finish() && {
  TidyTable table;
  table.trials.reserve(trials_.size());
  for (OpenTrial& open : trials_) {
    if (!open.in_order) put_in_order(open);
    TidyTrial& trial = open.trial;
    trial.evaluations.reserve(open.rows.size());
    for (Numbered& row : open.rows) trial.evaluations.push_back(std::move(row.evaluation));
    if (open.not_numbers > 0) {
      problems_.push_back({ProblemKind::not_a_number, trial.place(),
                           fmt::format("{} of {} validation values", open.not_numbers, open.rows.size())});
    }
    if (listed_) compare(trial, problems_);
    table.trials.push_back(std::move(trial));
  }
  table.problems = std::move(problems_);
  return table;
}

}  // namespace

std::string TidyTrial::place() const {
  return fmt::format("{}/study_{}/{}{}{}/trial_{}", submission, study, workload, framework.empty() ? "" : "_",
                     framework, trial);
}

TidyTable read_tidy_table(const TidyText& evaluations, const std::optional<TidyText>& trials) {
  TidyReader reader;
  reader.read_evaluations(evaluations);
  if (trials) reader.read_trials(*trials);
  return std::move(reader).finish();
}

}  // namespace timetrial
