#include "harness/journal/futility.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include "harness/journal/durable_file.h"
#include "harness/journal/json_fields.h"

namespace timetrial {

namespace {

constexpr const char* kFileName = "futility.json";

}  // namespace

FutilityBound lower_of(const FutilityBound& left, const FutilityBound& right) {
  return {std::min(left.evaluation, right.evaluation), std::min(left.seconds, right.seconds),
          std::min(left.step, right.step)};
}

bool is_futile(const FutilityBound& bound, int64_t evaluations, double seconds, int64_t step) {
  // The next evaluation has the number `evaluations`, and comes after at least one more step.
  return evaluations > bound.evaluation && seconds > bound.seconds && step >= bound.step;
}

void write_futility_bound(const std::filesystem::path& trial_directory, const FutilityBound& bound) {
  const nlohmann::json object = {
      {"evaluation", bound.evaluation}, {"seconds", bound.seconds}, {"step", bound.step}};
  write_file_durably(trial_directory / kFileName, object.dump() + "\n");
}

std::optional<FutilityBound> read_futility_bound(const std::filesystem::path& trial_directory) {
  const std::filesystem::path file = trial_directory / kFileName;
  std::ifstream stream(file);
  if (!stream) return std::nullopt;
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  const nlohmann::json object = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (object.is_discarded())
    throw UserError({"not valid JSON", file.string(), text.substr(0, 40), "remove the file"});
  JsonFields fields(object, file.string());
  const FutilityBound bound{fields.integer("evaluation"), fields.number("seconds"), fields.integer("step")};
  fields.finish();
  return bound;
}

}  // namespace timetrial
