#include "results/exchange/logged_number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace timetrial {

namespace {

std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char letter) { return letter == ' ' || letter == '\t' || letter == '\r'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool equal_but_for_case(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char left, char right) {
    return (left >= 'A' && left <= 'Z' ? static_cast<char>(left - 'A' + 'a') : left) == right;
  });
}

}  // namespace

std::optional<double> finite_number(std::string_view text) {
  text = trimmed(text);
  if (text.size() > 1 && text.front() == '+' && text[1] != '-') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

bool is_not_a_number(std::string_view text) {
  text = trimmed(text);
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) text.remove_prefix(1);
  constexpr std::array<std::string_view, 7> kSpellings = {"",     "nan",  "inf", "infinity",
                                                          "none", "null", "n/a"};
  return std::any_of(kSpellings.begin(), kSpellings.end(),
                     [&](std::string_view spelling) { return equal_but_for_case(text, spelling); });
}

std::optional<int64_t> whole_number(double value) {
  constexpr double kLargest = 9007199254740992;  // 2^53: beyond it doubles skip whole numbers
  if (!(std::fabs(value) <= kLargest) || value != std::trunc(value)) return std::nullopt;
  return static_cast<int64_t>(value);
}

std::optional<int64_t> whole_number(std::string_view text) {
  const std::optional<double> value = finite_number(text);
  return value ? whole_number(*value) : std::nullopt;
}

}  // namespace timetrial
