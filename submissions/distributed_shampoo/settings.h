#pragma once

// What Shampoo is told once, before training.

#include <cstdint>

#include "timetrial/learning_rate_schedule.h"

namespace timetrial {

struct Initialization;

// Gives the length of a step; the preconditioner gives its direction.
enum class Grafting { sgd, adam };

struct ShampooSettings {
  WarmupCosine schedule;
  double beta1 = 0;
  double beta2 = 0;  // of the factors and of the grafted Adam
  double epsilon = 0;
  double grafting_epsilon = 0;
  double momentum = 0;  // of the finished direction; 0: off
  double weight_decay = 0;
  bool nadam = false;     // Nesterov's look-ahead in beta1's average
  bool nesterov = false;  // the same in the momentum
  Grafting grafting = Grafting::adam;
  int64_t max_preconditioner_dim = 0;
  int64_t precondition_frequency = 0;      // steps between two computations of the roots
  int64_t start_preconditioning_step = 0;  // first step, from 1, that is preconditioned
  int64_t inv_root_override = 0;           // p of the roots L^(-1 / p); 0: twice the order of the block
  double exponent_multiplier = 0;
  int64_t graft_only_dim = 0;  // a tensor this long in any dimension is never preconditioned

  // Names and defaults are in the README. Throws UserError for values outside their range.
  static ShampooSettings read(const Initialization& initialization);
};

}  // namespace timetrial
