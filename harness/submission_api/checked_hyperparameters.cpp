#include "timetrial/checked_hyperparameters.h"

#include <cmath>
#include <sstream>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

double read(const Hyperparameters& hyperparameters, const std::string& name, std::optional<double> fallback) {
  return fallback ? hyperparameters.number_or(name, *fallback) : hyperparameters.number(name);
}

double checked(const std::string& name, double value, bool in_range, const char* range) {
  require_hyperparameter(in_range && std::isfinite(value), name, value, range);
  return value;
}

}  // namespace

void require_hyperparameter(bool in_range, const std::string& name, double value, const char* range) {
  if (in_range) return;
  std::ostringstream found;
  found << value;
  throw UserError({"hyperparameter '" + name + "' is not " + range, "hyperparameters of this trial",
                   found.str(), "correct '" + name + "' in the search space"});
}

double not_negative(const Hyperparameters& hyperparameters, const std::string& name,
                    std::optional<double> fallback) {
  const double value = read(hyperparameters, name, fallback);
  return checked(name, value, value >= 0, "a number of at least 0");
}

double fraction(const Hyperparameters& hyperparameters, const std::string& name,
                std::optional<double> fallback) {
  const double value = read(hyperparameters, name, fallback);
  return checked(name, value, value >= 0 && value <= 1, "between 0 and 1");
}

double decay_rate(const Hyperparameters& hyperparameters, const std::string& name,
                  std::optional<double> fallback) {
  const double value = read(hyperparameters, name, fallback);
  return checked(name, value, value >= 0 && value < 1, "at least 0 and below 1");
}

double decay_rate_from_complement(const Hyperparameters& hyperparameters, const std::string& name,
                                  std::optional<double> fallback) {
  const double value = read(hyperparameters, name, fallback);
  return 1 - checked(name, value, value > 0 && value <= 1, "above 0 and at most 1");
}

}  // namespace timetrial
