#include "workloads/workload.h"

#include <stdexcept>

#include "harness/errors/user_error.h"

namespace timetrial {

std::string_view to_string(Tier tier) {
  return tier == Tier::full ? "full" : "mini";
}

std::string_view to_string(Split split) {
  switch (split) {
    case Split::train_evaluation:
      return "train";
    case Split::validation:
      return "validation";
    case Split::test:
      return "test";
  }
  throw std::logic_error("unknown split");
}

Tier tier_from_string(const std::string& text) {
  if (text == "full") return Tier::full;
  if (text == "mini") return Tier::mini;
  throw UserError({"there is no such tier", "", text, "use full or mini"});
}

std::filesystem::path data_set_directory(const WorkloadOptions& options, const std::string& data_set) {
  return options.data_directory / data_set / to_string(options.tier);
}

void require_evaluation_data(const WorkloadOptions& options) {
  if (options.training_only)
    throw std::logic_error("a process that sees the training examples alone was told to evaluate");
}

at::Generator seeded_generator(at::Device device, uint64_t seed) {
  if (device.is_meta()) return {};
  at::Generator generator = at::globalContext().defaultGenerator(device).clone();
  generator.set_current_seed(seed);
  return generator;
}

}  // namespace timetrial
