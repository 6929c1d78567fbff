#include "submission_table.h"

namespace timetrial {
namespace {

// The names that all submissions with an ordinary step read, and `own`.
Point with_step_options(Point own) {
  own.insert({{"label_smoothing", 0.1}, {"dropout_rate", 0.1}, {"grad_clip", 0.0}});
  return own;
}

Point adam_point(Point extras = {}) {
  extras.insert({{"learning_rate", 0.02},
                 {"one_minus_beta1", 0.1},
                 {"beta2", 0.99},
                 {"weight_decay", 0.1},
                 {"warmup_factor", 0.1},
                 {"epsilon", 1e-8}});
  return with_step_options(std::move(extras));
}

Point momentum_point() {
  return with_step_options({{"learning_rate", 0.05},
                            {"one_minus_beta1", 0.1},
                            {"weight_decay", 1e-3},
                            {"warmup_factor", 0.1},
                            {"decay_steps_factor", 0.8},
                            {"end_factor", 0.01},
                            {"grad_clip", 0.5}});
}

Point schedule_free_point() {
  Point point = adam_point();
  point["beta2"] = 0.95;
  return point;
}

}  // namespace

const std::vector<SubmissionCase>& submission_cases() {
  static const std::vector<SubmissionCase> cases = {
      {.library = "adamw",
       .point = adam_point({{"grad_clip", 0.5}}),
       .formula = formulas::adamw,
       .traffic = {4, 3}},
      {.library = "sync_free_adamw",
       .point = adam_point({{"grad_clip", 0.5}}),
       .formula = formulas::adamw,
       .traffic = {5, 3},  // the scan
       .non_finite = NonFiniteGradient::voids_the_step},
      {.library = "nadamw", .point = adam_point(), .formula = formulas::nadamw, .traffic = {4, 3}},
      {.library = "sync_free_nadamw",
       .point = adam_point({{"grad_clip", 0.5}}),
       .formula = formulas::nadamw,
       .traffic = {5, 3},
       .non_finite = NonFiniteGradient::voids_the_step},
      {.library = "nesterov_momentum",
       .point = momentum_point(),
       .formula = formulas::nesterov_momentum,
       .traffic = {3, 2},
       .states = 1,
       .self_tuning = false},
      {.library = "heavy_ball",
       .point = momentum_point(),
       .formula = formulas::heavy_ball,
       .traffic = {3, 2},
       .states = 1,
       .self_tuning = false},
      {.library = "lion",
       .point = with_step_options({{"learning_rate", 0.01},
                                   {"one_minus_beta1", 0.1},
                                   {"beta2", 0.95},
                                   {"weight_decay", 0.5},
                                   {"warmup_factor", 0.1}}),
       .formula = formulas::lion,
       .traffic = {3, 2},
       .states = 1},
      {.library = "ademamix",
       .point =
           adam_point({{"alpha", 5.0}, {"beta3", 0.999}, {"slow_warmup_steps", 40.0}, {"grad_clip", 0.5}}),
       .formula = formulas::ademamix,
       .traffic = {5, 4},
       .states = 3},
      {.library = "cautious_nadamw",
       .point = adam_point(),
       .formula = formulas::cautious_nadamw,
       .traffic = {7, 3}},  // g, m, v for the mask; p, g, m, v for the update
      {.library = "lamb",
       .point = adam_point(),
       .formula = formulas::lamb,
       .traffic = {7, 3}},  // p, g, m, v for the norms; p, m, v for the update
      {.library = "schedule_free_adamw",
       .point = schedule_free_point(),
       .formula = formulas::schedule_free_adamw,
       .traffic = {6, 4},  // x, z for the point of the gradient; y, g, z, v for the update
       .idle_tolerance = 1e-6},
      {.library = "sam",
       .point = adam_point({{"rho", 0.05}, {"grad_clip", 0.5}}),
       .formula = formulas::sam,
       .traffic = {8, 6}},  // scan, ascent, return, update
      {.library = "my_adamw",
       .point = {{"learning_rate", 0.01}, {"weight_decay", 0.01}},
       .self_tuning = false,
       .is_example = true},
      {.library = "adafactor",
       .point = with_step_options({{"learning_rate", 0.01},
                                   {"one_minus_beta1", 0.1},
                                   {"beta2", 0.97},
                                   {"weight_decay", 0.1},
                                   {"clipping_threshold", 0.9},
                                   {"warmup_factor", 0.1},
                                   {"epsilon", 1e-30},
                                   {"grad_clip", 0.5}})},
      {.library = "muon",
       .point = with_step_options({{"learning_rate", 0.03},
                                   {"adam_learning_rate", 0.004},
                                   {"one_minus_momentum", 0.15},
                                   {"nesterov", true},
                                   {"weight_decay", 0.2},
                                   {"match_adam", false},
                                   {"adam_one_minus_beta1", 0.2},
                                   {"adam_beta2", 0.97},
                                   {"adam_weight_decay", 0.3},
                                   {"adam_epsilon", 1e-8},
                                   {"warmup_factor", 0.1}}),
       .depends_on_threads = true},
      // Blocks so small that every tensor of the problems is merged and cut.
      {.library = "distributed_shampoo",
       .point = with_step_options({{"learning_rate", 0.02},
                                   {"one_minus_beta1", 0.1},
                                   {"one_minus_beta2", 0.03},
                                   {"one_minus_momentum", 0.3},
                                   {"weight_decay", 0.1},
                                   {"nadam", true},
                                   {"nesterov", true},
                                   {"grafting", std::string("adam")},
                                   {"max_preconditioner_dim", 4.0},
                                   {"precondition_frequency", 5.0},
                                   {"start_preconditioning_step", 8.0},
                                   {"inv_root_override", 0.0},
                                   {"exponent_multiplier", 1.0},
                                   {"epsilon", 1e-6},
                                   {"grafting_epsilon", 1e-8},
                                   {"graft_only_dim", 1000.0},
                                   {"step_hint_factor", 1.0},
                                   {"warmup_factor", 0.1}})},
  };
  return cases;
}

void PrintTo(const SubmissionCase& submission, std::ostream* out) {
  *out << submission.library;
}

}  // namespace timetrial
