#include "timetrial/hyperparameters.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <optional>
#include <string_view>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

constexpr const char* kWhere = "hyperparameters of this trial";
constexpr double kLargestExactInteger = 9007199254740992.0;  // 2^53: beyond it a double skips integers

// Levenshtein distance, one row at a time.
std::size_t edit_distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

// The name nearest to `wanted`, when near enough to be a slip of the keyboard: a third of the letters wrong.
std::optional<std::string> nearest_name(const std::string& wanted, const std::vector<std::string>& names) {
  std::optional<std::string> best;
  std::size_t best_distance = std::max<std::size_t>(2, wanted.size() / 3) + 1;
  for (const std::string& name : names) {
    const std::size_t distance = edit_distance(wanted, name);
    if (distance < best_distance) {
      best_distance = distance;
      best = name;
    }
  }
  return best;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

std::string shown(const Hyperparameters::Value& value) {
  if (const double* number = std::get_if<double>(&value)) {
    char digits[32];  // the shortest text that reads back as the same double has at most 24 characters
    return std::string(digits, std::to_chars(digits, digits + sizeof digits, *number).ptr);
  }
  if (const bool* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  return '"' + std::get<std::string>(value) + '"';
}

template <typename Wanted>
const Wanted& typed(const std::string& name, const Hyperparameters::Value& value, const char* wanted) {
  if (const Wanted* found = std::get_if<Wanted>(&value)) return *found;
  throw UserError(
      {"hyperparameter '" + name + "' is not " + wanted, kWhere, shown(value),
       "give '" + name + "' as " + wanted + " in the search space, or read it by the type it has"});
}

int64_t whole_number(const std::string& name, double value) {
  if (std::trunc(value) == value && std::abs(value) <= kLargestExactInteger)
    return static_cast<int64_t>(value);
  throw UserError({"hyperparameter '" + name + "' is not a whole number", kWhere, shown(value),
                   "give '" + name + "' without a fraction in the search space, or read it with number()"});
}

}  // namespace

const Hyperparameters::Value& Hyperparameters::require(const std::string& name) const {
  auto found = values_.find(name);
  if (found != values_.end()) {
    read_.insert(name);
    return found->second;
  }
  std::string what = "hyperparameter '" + name + "' is missing";
  if (auto suggestion = nearest_name(name, names())) what += "; did you mean '" + *suggestion + "'?";
  throw UserError({what, kWhere, joined(names()),
                   "add '" + name + "' to the search space, or correct the name in the submission"});
}

double Hyperparameters::number(const std::string& name) const {
  return typed<double>(name, require(name), "a number");
}

int64_t Hyperparameters::integer(const std::string& name) const {
  return whole_number(name, number(name));
}

bool Hyperparameters::flag(const std::string& name) const {
  return typed<bool>(name, require(name), "true or false");
}

std::string Hyperparameters::text(const std::string& name) const {
  return typed<std::string>(name, require(name), "a text");
}

double Hyperparameters::number_or(const std::string& name, double fallback) const {
  return has(name) ? number(name) : fallback;
}

int64_t Hyperparameters::integer_or(const std::string& name, int64_t fallback) const {
  return has(name) ? integer(name) : fallback;
}

bool Hyperparameters::flag_or(const std::string& name, bool fallback) const {
  return has(name) ? flag(name) : fallback;
}

std::string Hyperparameters::text_or(const std::string& name, const std::string& fallback) const {
  return has(name) ? text(name) : fallback;
}

std::vector<std::string> Hyperparameters::names() const {
  std::vector<std::string> all;
  for (const auto& [name, value] : values_) all.push_back(name);
  return all;
}

std::vector<std::string> Hyperparameters::unread() const {
  std::vector<std::string> left;
  for (const auto& [name, value] : values_) {
    if (read_.count(name) == 0) left.push_back(name);
  }
  return left;
}

}  // namespace timetrial
