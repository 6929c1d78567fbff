#pragma once

// The one exception type for mistakes a person can cure: a bad file, a misspelled name, a missing data set,
// a full disk. It carries four facts so that every message reads alike: what went wrong, where, which value,
// and how to cure it. Bugs of our own are std::logic_error instead.

#include <stdexcept>
#include <string>
#include <utility>

namespace timetrial {

struct UserErrorParts {
  std::string what;   // "the label is not a number"
  std::string where;  // "day_0_00, line 17" (may be empty)
  std::string value;  // the offending value as read (may be empty)
  std::string cure;   // "write 0 or 1 in the first column" (empty only where `what` already tells it)
};

class UserError : public std::runtime_error {
 public:
  explicit UserError(UserErrorParts parts) : std::runtime_error(compose(parts)), parts_(std::move(parts)) {}

  const UserErrorParts& parts() const { return parts_; }

 private:
  static std::string compose(const UserErrorParts& parts) {
    std::string message = parts.where.empty() ? parts.what : parts.where + ": " + parts.what;
    if (!parts.value.empty()) message += " (found: " + parts.value + ")";
    if (!parts.cure.empty()) message += ". To cure it: " + parts.cure;
    return message;
  }

  UserErrorParts parts_;
};

}  // namespace timetrial
