#include "submission_table.h"

namespace timetrial {
namespace {

constexpr PassTraffic kScan = {.reads = 1};

// Gradients are read, parameters and their states updated.
constexpr PassTraffic update_of(int states) {
  return {.reads = 1, .read_writes = 1 + states};
}

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

// Of the elementwise engine.
Point elementwise_point(Point point) {
  point.insert({{"decay_norms_and_biases", true}});
  return point;
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
       .passes = {update_of(2)}},
      {.library = "sync_free_adamw",
       .point = elementwise_point(adam_point({{"grad_clip", 0.5}})),
       .formula = formulas::adamw,
       .passes = {kScan, update_of(2)},
       .non_finite = NonFiniteGradient::voids_the_step},
      {.library = "nadamw",
       .point = elementwise_point(adam_point()),
       .formula = formulas::nadamw,
       .passes = {update_of(2)}},
      {.library = "sync_free_nadamw",
       .point = elementwise_point(adam_point({{"grad_clip", 0.5}})),
       .formula = formulas::nadamw,
       .passes = {kScan, update_of(2)},
       .non_finite = NonFiniteGradient::voids_the_step},
      {.library = "nesterov_momentum",
       .point = elementwise_point(momentum_point()),
       .formula = formulas::nesterov_momentum,
       .passes = {update_of(1)},
       .self_tuning = false},
      {.library = "heavy_ball",
       .point = elementwise_point(momentum_point()),
       .formula = formulas::heavy_ball,
       .passes = {update_of(1)},
       .self_tuning = false},
      {.library = "lion",
       .point = elementwise_point(with_step_options({{"learning_rate", 0.01},
                                                     {"one_minus_beta1", 0.1},
                                                     {"beta2", 0.95},
                                                     {"weight_decay", 0.5},
                                                     {"warmup_factor", 0.1}})),
       .formula = formulas::lion,
       .passes = {update_of(1)}},
      {.library = "ademamix",
       .point = elementwise_point(
           adam_point({{"alpha", 5.0}, {"beta3", 0.999}, {"slow_warmup_steps", 40.0}, {"grad_clip", 0.5}})),
       .formula = formulas::ademamix,
       .passes = {update_of(3)}},
      {.library = "cautious_nadamw",
       .point = elementwise_point(adam_point()),
       .formula = formulas::cautious_nadamw,
       // g, m, v for the mask; p, g, m, v for the update
       .passes = {{.reads = 1, .read_writes = 2}, {.reads = 3, .read_writes = 1}}},
      {.library = "lamb",
       .point = elementwise_point(adam_point()),
       .formula = formulas::lamb,
       // p, g, m, v for the norms; p, m, v for the update
       .passes = {{.reads = 2, .read_writes = 2}, {.reads = 2, .read_writes = 1}}},
      {.library = "schedule_free_adamw",
       .point = elementwise_point(schedule_free_point()),
       .formula = formulas::schedule_free_adamw,
       // x, z for the point of the gradient; y, g, z, v for the update
       .passes = {{.reads = 1, .read_writes = 1}, update_of(2)},
       .idle_tolerance = 1e-6},
      {.library = "sam",
       .point = elementwise_point(adam_point({{"rho", 0.05}, {"grad_clip", 0.5}})),
       .formula = formulas::sam,
       // scan; ascent of p, keeping where it was; update of m, v, and of p from where it was
       .passes = {kScan,
                  {.reads = 1, .read_writes = 1, .writes = 1},
                  {.reads = 2, .read_writes = 2, .writes = 1}}},
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
                                   {"warmup_factor", 0.1}}),
       .sync_free = false},  // eigenvalues are looked at on the host
  };
  return cases;
}

void PrintTo(const SubmissionCase& submission, std::ostream* out) {
  *out << submission.library;
}

}  // namespace timetrial
