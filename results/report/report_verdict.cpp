#include "results/report/report_verdict.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "results/tables/score_table.h"

namespace timetrial {

namespace {

std::optional<double> chance_to_beat(const Uncertainty& uncertainty, const std::string& a,
                                     const std::string& b) {
  const auto row = uncertainty.better.find(a);
  if (row == uncertainty.better.end()) return std::nullopt;
  const auto cell = row->second.find(b);
  if (cell == row->second.end()) return std::nullopt;
  return cell->second;
}

// A pair without a known chance is not called within noise: nothing is known about it.
bool is_within_noise(const Uncertainty& uncertainty, const std::string& a, const std::string& b) {
  return chance_to_beat(uncertainty, a, b) && within_noise(uncertainty, a, b);
}

std::string score_text(const Score& score, const Uncertainty& uncertainty, const std::string& name) {
  std::string text = fmt::format("{:.2f}", score.profile.scores.at(name).value_or(0));
  const auto interval = uncertainty.scores.find(name);
  if (interval != uncertainty.scores.end() && interval->second) {
    text += fmt::format(" [{:.2f}, {:.2f}]", interval->second->low, interval->second->high);
  }
  return text;
}

// Never "1.00" for what is less than certain.
std::string chance_text(double chance) {
  if (chance >= 0.995) return "above 0.99";
  return fmt::format("{:.2f}", chance);
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

std::string lead_text(const Score& score, const Uncertainty& uncertainty,
                      const std::vector<std::string>& ranked) {
  const std::string& first = ranked[0];
  const std::string own = score_text(score, uncertainty, first);
  const auto value = [&](const std::string& name) { return score.profile.scores.at(name); };
  std::vector<std::string> equals;
  for (const std::string& name : ranked) {
    if (value(name) == value(first)) equals.push_back(name);
  }
  if (equals.size() > 1) return joined(equals) + " share the highest score, " + own + ".";
  const std::string& second = ranked[1];
  const std::optional<double> chance = chance_to_beat(uncertainty, first, second);
  if (!chance) {
    return fmt::format("{} has the highest score, {}, before {} with {}.", first, own, second,
                       score_text(score, uncertainty, second));
  }
  if (is_within_noise(uncertainty, first, second)) {
    return fmt::format("{} has the highest score, {}, but its lead over {} is within noise (probability {}).",
                       first, own, second, chance_text(*chance));
  }
  return fmt::format("{} leads with {} and beats {}, the next, with probability {}.", first, own, second,
                     chance_text(*chance));
}

std::string noise_text(const Score& score, const Uncertainty& uncertainty, const std::string& first) {
  constexpr std::size_t kMostNamed = 3;
  if (uncertainty.better.empty()) return " No intervals are known, so a small lead may be chance.";
  auto pairs = pairs_within_noise(score, uncertainty);
  const std::size_t count = pairs.size();
  const std::size_t all = score.submissions.size() * (score.submissions.size() - 1) / 2;
  if (count == 0) return all > 1 ? " Every other pair can be told apart too." : "";
  const std::string second = ranking(score)[1];  // named in the sentence before
  std::vector<std::string> peers;
  for (const auto& [a, b] : pairs) {
    if (a == first && b != second) peers.push_back(b);
  }
  std::string text;
  if (!peers.empty()) text += fmt::format(" {} cannot be told apart from it either.", joined(peers));
  std::erase_if(pairs, [&](const auto& pair) { return pair.first == first; });
  if (pairs.size() > kMostNamed) {
    return text + fmt::format(" Of all {} pairs {} cannot be told apart.", all, count);
  }
  for (const auto& [a, b] : pairs) text += fmt::format(" {} and {} cannot be told apart.", a, b);
  return text;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> pairs_within_noise(const Score& score,
                                                                    const Uncertainty& uncertainty) {
  const std::vector<std::string> ranked = ranking(score);
  std::vector<std::pair<std::string, std::string>> pairs;
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    for (std::size_t j = i + 1; j < ranked.size(); ++j) {
      if (is_within_noise(uncertainty, ranked[i], ranked[j])) pairs.emplace_back(ranked[i], ranked[j]);
    }
  }
  return pairs;
}

std::string report_verdict(const Score& score, const Uncertainty& uncertainty) {
  const std::vector<std::string> ranked = ranking(score);
  if (ranked.empty() || score.profile.scores.at(ranked[0]).value_or(0) == 0) {
    return "No submission reached a target.";
  }
  if (ranked.size() == 1) {
    return fmt::format("{} scores {}; a score means little without another submission to compare with.",
                       ranked[0], score_text(score, uncertainty, ranked[0]));
  }
  return lead_text(score, uncertainty, ranked) + noise_text(score, uncertainty, ranked[0]);
}

}  // namespace timetrial
