#pragma once

// The point of the search space a trial was given, read through typed accessors.
//
// A name that is not in the point, or holds another type, throws an error that names it, lists what there is
// and suggests the nearest spelling. The harness also fails a trial whose point holds a hyperparameter that
// was never read by the end of the first update: a misspelled name in a search space is never silently
// ignored.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace timetrial {

class Hyperparameters {
 public:
  using Value = std::variant<double, bool, std::string>;

  Hyperparameters() = default;  // self-tuning: empty
  explicit Hyperparameters(std::map<std::string, Value> values) : values_(std::move(values)) {}

  double number(const std::string& name) const;
  int64_t integer(const std::string& name) const;  // a number without a fraction
  bool flag(const std::string& name) const;
  std::string text(const std::string& name) const;

  // The same with a default for points that leave the name out (self-tuning submissions, optional extras).
  double number_or(const std::string& name, double fallback) const;
  int64_t integer_or(const std::string& name, int64_t fallback) const;
  bool flag_or(const std::string& name, bool fallback) const;
  std::string text_or(const std::string& name, const std::string& fallback) const;

  bool has(const std::string& name) const { return values_.count(name) != 0; }
  bool empty() const { return values_.empty(); }

  std::vector<std::string> names() const;
  std::vector<std::string> unread() const;  // names no accessor was called for

 private:
  const Value& require(const std::string& name) const;

  std::map<std::string, Value> values_;
  mutable std::set<std::string> read_;
};

}  // namespace timetrial
