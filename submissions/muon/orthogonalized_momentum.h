#pragma once

// Muon's update of the matrices of a model. With gradient G, momentum M and learning rate r:
//   M <- beta M + (1 - beta) G;   N = beta M + (1 - beta) G (Nesterov) or M
//   W <- W (1 - r weight_decay) - r scale orthogonalized(N)

#include <vector>

#include <ATen/core/Tensor.h>

#include "timetrial/state.h"

namespace timetrial {

// How long a step is for a matrix of `rows` outputs and `columns` inputs.
enum class MuonScale {
  spectral_norm,  // max(1, sqrt(rows / columns)): steps of like effect on the layer's outputs
  match_adam,     // 0.2 sqrt(max(rows, columns)): entries of the size that Adam's have
};

class OrthogonalizedMomentum {
 public:
  struct Settings {
    double beta = 0.9;
    bool nesterov = true;
    double weight_decay = 0;
    MuonScale scale = MuonScale::spectral_norm;
  };

  OrthogonalizedMomentum() = default;  // of no tensors
  // Tensors of two or more dimensions; one of more is the matrix [outputs, all the rest] to the iteration,
  // while its scale counts the first two dimensions.
  OrthogonalizedMomentum(std::vector<at::Tensor> parameters, const Settings& settings);

  // gradients[i] belongs to parameter i; an undefined entry leaves parameter and momentum alone.
  void update(const std::vector<at::Tensor>& gradients, double learning_rate);

  // As the list momenta.
  void save(State& state) const;
  void load(const State& state);

 private:
  double scale_of(const at::Tensor& parameter) const;

  Settings settings_;
  std::vector<at::Tensor> parameters_;
  std::vector<at::Tensor> momenta_;
};

}  // namespace timetrial
