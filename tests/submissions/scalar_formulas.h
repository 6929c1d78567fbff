#pragma once

// The optimizers as their papers write them: loops over plain doubles, one number at a time. They share
// nothing with the library and are what the submissions are checked against.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace timetrial::formulas {

using Values = std::vector<std::vector<double>>;  // [tensor][element]

// What a formula trains on.
struct Training {
  std::map<std::string, double> hyperparameters;
  int64_t step_hint = 0;
  int64_t steps = 0;
  // The gradient in the 0-based step, at these parameters.
  std::function<Values(int64_t step, const Values& parameters)> gradient;

  double at(const std::string& name) const { return hyperparameters.at(name); }
};

// Trains `parameters` in place.
using Formula = void (*)(const Training& training, Values& parameters);

void adamw(const Training& training, Values& parameters);
void nadamw(const Training& training, Values& parameters);
void nesterov_momentum(const Training& training, Values& parameters);
void heavy_ball(const Training& training, Values& parameters);
void lion(const Training& training, Values& parameters);
void ademamix(const Training& training, Values& parameters);
void cautious_nadamw(const Training& training, Values& parameters);
void lamb(const Training& training, Values& parameters);
void schedule_free_adamw(const Training& training, Values& parameters);
void sam(const Training& training, Values& parameters);

}  // namespace timetrial::formulas
