#include "results/tables/score_table.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "results/scoring/speedup.h"
#include "results/tables/text_table.h"

namespace timetrial {

namespace {

std::string time_text(double time) {
  if (time >= 1000) return fmt::format("{:.0f}", time);
  return time >= 100 ? fmt::format("{:.1f}", time) : fmt::format("{:.2f}", time);
}

std::string cell_text(const Score& score, const std::string& submission, const std::string& workload) {
  const std::optional<double>& measured = score.time_to_target.at(submission).at(workload);
  if (!measured) return "–";
  if (std::isinf(*measured)) return "∞";
  const auto& qualified = score.profile.qualified.at(submission);
  const auto found = qualified.find(workload);  // absent for held-out workloads
  const bool is_void = found != qualified.end() && found->second && std::isinf(*found->second);
  return is_void ? "(" + time_text(*measured) + ")" : time_text(*measured);
}

// How far the interval reaches, on the log scale it was made on: 1.05 both ways is ±5%.
std::string spread_text(const Uncertainty& uncertainty, const std::string& submission,
                        const std::string& workload) {
  const auto row = uncertainty.time_to_target.find(submission);
  if (row == uncertainty.time_to_target.end()) return "";
  const auto cell = row->second.find(workload);
  if (cell == row->second.end() || !cell->second) return "";
  const Interval& interval = *cell->second;
  if (!std::isfinite(interval.low)) return "";
  if (!std::isfinite(interval.high)) return " ±∞";
  const double percent = 100 * (std::sqrt(interval.high / interval.low) - 1);
  return fmt::format(" ±{:.{}f}%", percent, percent < 1 ? 1 : 0);
}

std::string rank_text(const Interval& interval) {
  return interval.low == interval.high ? fmt::format("{:.0f}", interval.low)
                                       : fmt::format("{:.0f}–{:.0f}", interval.low, interval.high);
}

std::string score_text(const std::optional<double>& value) {
  return value ? fmt::format("{:.4f}", *value) : "–";
}

bool has_intervals(const Uncertainty& uncertainty) {
  return std::any_of(uncertainty.scores.begin(), uncertainty.scores.end(),
                     [](const auto& interval) { return interval.second.has_value(); });
}

// Columns of the intervals: score, rank.
void add_intervals(const Uncertainty& uncertainty, const std::string& submission,
                   std::vector<std::string>& row) {
  const std::optional<Interval>& interval = uncertainty.scores.at(submission);
  row.push_back(interval ? fmt::format("{:.3f}–{:.3f}", interval->low, interval->high) : "?");
  const std::optional<Interval>& rank = uncertainty.ranks.at(submission);
  row.push_back(rank ? rank_text(*rank) : "?");
}

std::string scores_part(const Score& score, const Uncertainty& uncertainty) {
  const bool intervals = has_intervals(uncertainty);
  std::vector<TableColumn> columns = {{"submission"}, {"score", true}};
  if (intervals) {
    columns.push_back({fmt::format("{:g} %", 100 * uncertainty.options.level), true});
    columns.push_back({"rank", true});
    columns.push_back({"beats the next"});
  }
  const std::vector<std::string> ranked = ranking(score);
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    std::vector<std::string> row = {ranked[i], score_text(score.profile.scores.at(ranked[i]))};
    if (intervals) {
      add_intervals(uncertainty, ranked[i], row);
      if (i + 1 == ranked.size()) {
        row.push_back("");
      } else {
        const double chance = uncertainty.better.at(ranked[i]).at(ranked[i + 1]);
        row.push_back(
            fmt::format("{:.{}f} %{}", 100 * chance, chance > 0.995 && chance < 1 ? 1 : 0,
                        within_noise(uncertainty, ranked[i], ranked[i + 1]) ? "  within noise" : ""));
      }
    }
    rows.push_back(std::move(row));
  }
  return render_table(columns, rows);
}

std::string times_part(const Score& score, const Uncertainty& uncertainty) {
  std::vector<TableColumn> columns = {{"time to target"}};
  for (const std::string& workload : score.workloads) columns.push_back({workload, true});
  std::vector<std::vector<std::string>> rows;
  for (const std::string& submission : ranking(score)) {
    std::vector<std::string> row = {submission};
    for (const std::string& workload : score.workloads) {
      row.push_back(cell_text(score, submission, workload) + spread_text(uncertainty, submission, workload));
    }
    rows.push_back(std::move(row));
  }
  return render_table(columns, rows);
}

std::string speedups_part(const Score& score) {
  std::vector<TableColumn> columns = {{"speedup over " + score.reference}, {"geometric mean", true}};
  for (const std::string& workload : score.base_workloads) columns.push_back({workload, true});
  const auto speedups = speedups_over(score.reference, score);
  const auto text = [](const std::optional<double>& value) {
    return value ? fmt::format("{:.3f}", *value) : "–";
  };
  std::vector<std::vector<std::string>> rows;
  for (const std::string& submission : ranking(score)) {
    const Speedup& speedup = speedups.at(submission);
    std::vector<std::string> row = {submission, text(speedup.geometric_mean)};
    for (const std::string& workload : score.base_workloads)
      row.push_back(text(speedup.by_workload.at(workload)));
    rows.push_back(std::move(row));
  }
  return render_table(columns, rows) +
         "More than 1 is faster; a target that was not reached counts as the budget and one second.\n\n";
}

std::string legend(const Score& score, const std::string& times) {
  std::string text = score.axis == TimeAxis::steps ? "Time to target in steps"
                                                   : "Time to target in seconds of the submission clock";
  if (times.find("±") != std::string::npos) text += "; ± its interval";
  if (times.find("∞") != std::string::npos) text += "; ∞ target not reached";
  if (times.find('(') != std::string::npos) text += "; (…) void by the held-out rule or the cut-off";
  if (times.find("–") != std::string::npos) text += "; – no data";
  return text + ".\n";
}

}  // namespace

std::vector<std::string> ranking(const Score& score) {
  std::vector<std::string> ranked = score.submissions;
  std::stable_sort(ranked.begin(), ranked.end(), [&](const std::string& left, const std::string& right) {
    return score.profile.scores.at(left).value_or(-1) > score.profile.scores.at(right).value_or(-1);
  });
  return ranked;
}

std::string score_table(const Score& score, const Uncertainty& uncertainty) {
  const std::string times = times_part(score, uncertainty);
  std::string text = scores_part(score, uncertainty) + "\n" + times + "\n";
  if (!score.reference.empty()) text += speedups_part(score);
  text += legend(score, times);
  for (const auto* notes : {&score.notes, &uncertainty.notes}) {
    for (const std::string& note : *notes) text += "note: " + note + "\n";
  }
  return text;
}

}  // namespace timetrial
