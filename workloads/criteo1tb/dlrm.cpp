#include "workloads/criteo1tb/dlrm.h"

#include <bit>
#include <cmath>

#include <torch/torch.h>

#include "harness/errors/user_error.h"
#include "workloads/criteo1tb/dot_interaction.h"
#include "workloads/criteo1tb/row_parser.h"

namespace timetrial {
namespace {

constexpr double kNormEpsilon = 1e-6;

DlrmConfig mini_config(bool residual) {
  DlrmConfig config;
  config.table_rows = 4 * 4096;
  config.embedding_dim = 16;
  config.embedding_scale = 1.0 / 128;
  config.bottom = residual ? std::vector<int64_t>{32, 32, 32} : std::vector<int64_t>{64, 32, 16};
  config.top = residual ? std::vector<int64_t>{64, 64, 64, 64, 1} : std::vector<int64_t>{128, 64, 1};
  return config;
}

DlrmConfig full_config(bool residual) {
  DlrmConfig config;
  if (residual) {
    config.bottom = {256, 256, 256};
    config.top = {256, 256, 256, 256, 1};
  }
  return config;
}

std::shared_ptr<torch::nn::Module> empty_module() {
  return std::make_shared<torch::nn::Module>();
}

void init_biases(const LinearLayer& layer, const at::Generator& generator) {
  at::Tensor(layer.bias()).normal_(0, std::sqrt(1.0 / static_cast<double>(layer.outputs())), generator);
}

double sum_of_sides(const LinearLayer& layer) {
  return static_cast<double>(layer.inputs() + layer.outputs());
}

}  // namespace

DlrmConfig dlrm_config(bool mini, const std::string& variant) {
  const bool residual = variant == "resnet";
  DlrmConfig config = mini ? mini_config(residual) : full_config(residual);
  config.residual = residual;
  if (variant == "layernorm") {
    config.layer_norm = true;
  } else if (variant == "embed_init") {
    config.embedding_scale = 1.0;
  } else if (!variant.empty() && !residual) {
    throw UserError({"criteo1tb has no such variant", "", variant,
                     "use layernorm, resnet or embed_init, or leave it out"});
  }
  return config;
}

Dlrm::Dlrm(const DlrmConfig& config, const at::TensorOptions& options, const at::Generator& generator)
    : config_(config),
      table_(std::make_unique<EmbeddingTable>(*this, config.table_rows, config.embedding_dim,
                                              config.table_chunks, options)) {
  constexpr int64_t kVectors = 1 + kCriteoCategories;
  const int64_t interactions =
      config.residual ? kCriteoCategories * config.embedding_dim : kVectors * (kVectors + 1) / 2;
  const int64_t top_inputs = config.bottom.back() + interactions;
  if (config.residual) {
    build_residual(options, top_inputs);
  } else {
    build_plain(options, top_inputs);
  }
  init(generator);
}

// Modules are numbered as in a sequence of linear, ReLU, (layer norm), …, (dropout), linear: only those with
// parameters exist here, under the number they would have there.
void Dlrm::build_plain(const at::TensorOptions& options, int64_t top_inputs) {
  const auto bottom = register_module("bot_mlp", empty_module());
  const auto top = register_module("top_mlp", empty_module());
  const auto add_norm = [&](torch::nn::Module& sequence, int64_t& number, Block& block, int64_t width) {
    if (!config_.layer_norm) return;
    block.norm = sequence.register_module(std::to_string(number++),
                                          std::make_shared<LayerNormLayer>(width, kNormEpsilon, options));
  };
  int64_t number = 0;
  int64_t inputs = kCriteoIntegers;
  for (const int64_t width : config_.bottom) {
    Block block;
    block.linear = bottom->register_module(std::to_string(number),
                                           std::make_shared<LinearLayer>(inputs, width, options));
    number += 2;
    add_norm(*bottom, number, block, width);
    bottom_.push_back(block);
    inputs = width;
  }
  number = 0;
  inputs = top_inputs;
  for (size_t i = 0; i < config_.top.size(); ++i) {
    const int64_t width = config_.top[i];
    Block block;
    output_layer_ = "top_mlp." + std::to_string(number);
    block.linear =
        top->register_module(std::to_string(number), std::make_shared<LinearLayer>(inputs, width, options));
    block.activation = i + 1 < config_.top.size();
    block.dropout = i + 2 == config_.top.size();
    number += 2;
    if (block.activation) add_norm(*top, number, block, width);
    if (block.dropout) ++number;
    top_.push_back(block);
    inputs = width;
  }
  if (config_.layer_norm) {
    embedding_norm_ = register_module(
        "embed_ln", std::make_shared<LayerNormLayer>(config_.embedding_dim, kNormEpsilon, options));
  }
}

void Dlrm::build_residual(const at::TensorOptions& options, int64_t top_inputs) {
  const auto build = [&](const std::string& name, const std::vector<int64_t>& widths, int64_t inputs,
                         bool is_top) {
    const auto mlp = register_module(name, empty_module());
    std::vector<Block> blocks;
    for (size_t i = 0; i < widths.size(); ++i) {
      const auto number = std::to_string(i);
      const auto inner =
          mlp->register_module(number, empty_module())->register_module("module", empty_module());
      Block block;
      block.linear = inner->register_module("0", std::make_shared<LinearLayer>(inputs, widths[i], options));
      block.activation = !is_top || i + 1 < widths.size();
      block.residual = i > 0 && block.activation;
      block.dropout = is_top && i + 2 == widths.size();
      output_layer_ = name + "." + number;
      blocks.push_back(block);
      inputs = widths[i];
    }
    return blocks;
  };
  bottom_ = build("bot_mlp", config_.bottom, kCriteoIntegers, false);
  top_ = build("top_mlp", config_.top, top_inputs, true);
}

// Bottom: Glorot uniform. Top: normal with variance 2 / (in + out). Biases: normal with variance 1 / out.
void Dlrm::init(const at::Generator& generator) {
  const at::NoGradGuard no_grad;
  table_->init(config_.embedding_scale, generator);
  for (const Block& block : bottom_) {
    const double limit = std::sqrt(6.0 / sum_of_sides(*block.linear));
    at::Tensor(block.linear->weight()).uniform_(-limit, limit, generator);
    init_biases(*block.linear, generator);
  }
  for (const Block& block : top_) {
    at::Tensor(block.linear->weight()).normal_(0, std::sqrt(2.0 / sum_of_sides(*block.linear)), generator);
    init_biases(*block.linear, generator);
  }
}

at::Tensor Dlrm::run(const std::vector<Block>& blocks, at::Tensor values, double dropout_rate) const {
  for (const Block& block : blocks) {
    at::Tensor out = block.linear->forward(values);
    if (block.activation) out = at::relu_(out);
    if (block.norm) out = block.norm->forward(out);
    if (block.dropout && dropout_rate > 0) out = at::dropout(out, dropout_rate, is_training());
    values = block.residual ? values + out : out;
  }
  return values;
}

at::Tensor Dlrm::table_rows_of(const at::Tensor& ids) const {
  const at::Tensor integers = ids.to(at::kInt);
  return std::has_single_bit(static_cast<uint64_t>(config_.table_rows))
             ? integers.bitwise_and(config_.table_rows - 1)
             : integers.remainder(config_.table_rows);
}

at::Tensor Dlrm::forward(const at::Tensor& inputs, double dropout_rate) {
  const at::Tensor dense = run(bottom_, inputs.narrow(1, 0, kCriteoIntegers), 0);
  at::Tensor embedded = table_->lookup(table_rows_of(inputs.narrow(1, kCriteoIntegers, kCriteoCategories)));
  if (embedding_norm_) embedded = embedding_norm_->forward(embedded);
  const at::Tensor interaction = config_.residual
                                     ? embedded.reshape({inputs.size(0), -1})
                                     : dot_interaction(at::cat({dense.unsqueeze(1), embedded}, 1));
  return run(top_, at::cat({dense, interaction}, 1), dropout_rate);
}

}  // namespace timetrial
