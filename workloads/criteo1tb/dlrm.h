#pragma once

// DLRM-small: an MLP over the dense features, one embedding table for all categories, their interaction, an
// MLP on top.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <torch/nn/module.h>

#include "workloads/criteo1tb/embedding_table.h"
#include "workloads/layers/layer_norm.h"
#include "workloads/layers/linear.h"

namespace timetrial {

struct DlrmConfig {
  int64_t table_rows = 4194304;
  int64_t table_chunks = 4;
  int64_t embedding_dim = 128;
  double embedding_scale = 1.0 / 2048;  // initial values are uniform in [0, scale); 1/sqrt(rows)
  std::vector<int64_t> bottom = {512, 256, 128};
  std::vector<int64_t> top = {1024, 1024, 512, 256, 1};
  bool layer_norm = false;  // after every ReLU and over the embedding vectors
  bool residual = false;    // residual MLPs on plain concatenation, no dot products
};

// The configuration of a tier ("mini" or not) and variant ("", "layernorm", "resnet", "embed_init").
// Throws UserError for another variant.
DlrmConfig dlrm_config(bool mini, const std::string& variant);

class Dlrm : public torch::nn::Module {
 public:
  Dlrm(const DlrmConfig& config, const at::TensorOptions& options, const at::Generator& generator);

  // inputs [batch, 13 + 26]: dense features, then category ids as floats (taken modulo the table's rows)
  // -> logits [batch, 1].
  at::Tensor forward(const at::Tensor& inputs, double dropout_rate);

  // Prefix of the parameters that make the logits: "top_mlp.9".
  const std::string& output_layer() const { return output_layer_; }
  const EmbeddingTable& table() const { return *table_; }

 private:
  struct Block {
    std::shared_ptr<LinearLayer> linear;
    std::shared_ptr<LayerNormLayer> norm;  // null without layer norm, and for the last block
    bool residual = false;
    bool dropout = false;
    bool activation = true;
  };

  void build_plain(const at::TensorOptions& options, int64_t top_inputs);
  void build_residual(const at::TensorOptions& options, int64_t top_inputs);
  void init(const at::Generator& generator);
  at::Tensor run(const std::vector<Block>& blocks, at::Tensor values, double dropout_rate) const;
  at::Tensor table_rows_of(const at::Tensor& ids) const;

  DlrmConfig config_;
  std::unique_ptr<EmbeddingTable> table_;
  std::vector<Block> bottom_;
  std::vector<Block> top_;
  std::shared_ptr<LayerNormLayer> embedding_norm_;
  std::string output_layer_;
};

}  // namespace timetrial
