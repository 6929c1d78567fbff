#include "workloads/graph_optimizer/graph_set/mini_recipes.h"

#include <array>
#include <memory>
#include <utility>

#include <torch/torch.h>

#include "workloads/criteo1tb/dlrm.h"
#include "workloads/fastmri/unet.h"
#include "workloads/finewebedu_lm/decoder.h"
#include "workloads/graph_export/step_export.h"
#include "workloads/imagenet_vit/vit.h"
#include "workloads/layers/resnet.h"
#include "workloads/wmt/transformer.h"

namespace timetrial {
namespace {

at::TensorOptions meta_floats() {
  return at::TensorOptions().dtype(at::kFloat).device(at::kMeta);
}
at::TensorOptions meta_words() {
  return at::TensorOptions().dtype(at::kLong).device(at::kMeta);
}

// One step of a module whose parameters and buffers are weights and inputs; `forward` returns the loss.
ExportedGraph exported_module(torch::nn::Module& module, std::vector<NamedTensor> inputs,
                              std::function<at::Tensor()> forward) {
  StepToExport step;
  for (const auto& item : module.named_parameters()) step.weights.push_back({item.key(), item.value()});
  for (const auto& item : module.named_buffers()) inputs.push_back({item.key(), item.value()});
  step.inputs = std::move(inputs);
  step.forward = std::move(forward);
  step.update = momentum_update();
  return export_step(step);
}

at::Tensor class_loss(const at::Tensor& logits, const at::Tensor& targets) {
  return at::nll_loss(at::log_softmax(logits, -1), targets);
}

at::Tensor token_loss(const at::Tensor& logits, const at::Tensor& tokens) {
  return class_loss(logits.flatten(0, 1), tokens.flatten());
}

ExportedGraph small_resnet(const ResNetConfig& config, int64_t examples, int64_t side) {
  ResNet model(config, meta_floats(), {});
  const at::Tensor images = at::empty({examples, 3, side, side}, meta_floats());
  const at::Tensor targets = at::empty({examples}, meta_words());
  return exported_module(model, {{"images", images}, {"targets", targets}}, [&] {
    return class_loss(model.forward(images, {ForwardMode::train, false, std::nullopt}), targets);
  });
}

ExportedGraph small_vit(const VitConfig& config, int64_t examples) {
  Vit model(config, meta_floats(), {});
  const at::Tensor images = at::empty({examples, 3, 224, 224}, meta_floats());
  const at::Tensor targets = at::empty({examples}, meta_words());
  return exported_module(model, {{"images", images}, {"targets", targets}}, [&] {
    return class_loss(model.forward(images, {ForwardMode::train, false, 0.0}), targets);
  });
}

ExportedGraph small_decoder(const DecoderConfig& config, int64_t examples, int64_t tokens) {
  Decoder model(config, meta_floats(), {});
  const at::Tensor inputs = at::empty({examples, tokens}, meta_words());
  const at::Tensor targets = at::empty({examples, tokens}, meta_words());
  return exported_module(model, {{"inputs", inputs}, {"targets", targets}},
                         [&] { return token_loss(model.forward(inputs), targets); });
}

ExportedGraph small_transformer(const TransformerConfig& config, int64_t examples, int64_t tokens) {
  Transformer model(config, meta_floats(), {});
  Batch batch;
  batch.examples = examples;
  batch.tensors = {{"inputs", at::empty({examples, tokens}, meta_words())},
                   {"targets", at::empty({examples, tokens}, meta_words())}};
  const at::Tensor targets = batch.at("targets");
  return exported_module(model, {{"inputs", batch.at("inputs")}, {"targets", targets}},
                         [&] { return token_loss(model.forward(batch, 0), targets); });
}

ExportedGraph small_dlrm(const DlrmConfig& config, int64_t examples) {
  constexpr int64_t kColumns = 13 + 26;
  Dlrm model(config, meta_floats(), {});
  const at::Tensor inputs = at::empty({examples, kColumns}, meta_floats());
  const at::Tensor targets = at::empty({examples, 1}, meta_floats());
  return exported_module(model, {{"inputs", inputs}, {"targets", targets}}, [&] {
    const at::Tensor logits = model.forward(inputs, 0);
    return -(targets * at::log_sigmoid(logits) + (1 - targets) * at::log_sigmoid(-logits)).mean();
  });
}

ExportedGraph small_unet(const UnetConfig& config, int64_t examples, int64_t side) {
  Unet model(config, meta_floats(), {});
  const at::Tensor images = at::empty({examples, side, side}, meta_floats());
  const at::Tensor targets = at::empty({examples, side, side}, meta_floats());
  return exported_module(model, {{"images", images}, {"targets", targets}},
                         [&] { return (model.forward(images, 0) - targets).abs().mean(); });
}

ResNetConfig resnet_stages(ResidualBlockKind block, std::array<int64_t, 4> blocks) {
  ResNetConfig config;
  config.block = block;
  config.blocks = blocks;
  return config;
}

DlrmConfig small_table(bool layer_norm) {
  DlrmConfig config;
  config.table_rows = 262144;
  config.layer_norm = layer_norm;
  return config;
}

TransformerConfig shallow_transformer() {
  TransformerConfig config;
  config.depth = 1;
  config.vocabulary = 8192;
  return config;
}

}  // namespace

std::vector<GraphRecipe> mini_graph_recipes() {
  constexpr std::array<int64_t, 4> kOneEach = {1, 1, 1, 1};
  const VitConfig gated_vit = {.depth = 1, .gated = true};
  const VitConfig wide_gated_vit = {.width = 768, .depth = 1, .heads = 12, .hidden = 3072, .gated = true};
  const TransformerConfig narrow_transformer = {
      .vocabulary = 4096, .width = 512, .heads = 8, .hidden = 2048, .depth = 1};
  return {
      {"train", "resnet_basic_b64_d2", 2,
       [=] { return small_resnet(resnet_stages(ResidualBlockKind::basic, kOneEach), 64, 224); }},
      {"train", "resnet_bottleneck_b32_d4", 4,
       [=] { return small_resnet(resnet_stages(ResidualBlockKind::bottleneck, kOneEach), 32, 224); }},
      {"train", "vit_1_b64_d2", 2, [] { return small_vit({.depth = 1}, 64); }},
      {"train", "vit_glu_1_b32_d2", 2, [=] { return small_vit(gated_vit, 32); }},
      {"train", "decoder_1_b8_d2", 2,
       [] { return small_decoder({.vocabulary = 8192, .layers = 1}, 8, 512); }},
      {"train", "decoder_2_b4_d4", 4,
       [] { return small_decoder({.vocabulary = 16384, .width = 2048, .layers = 2}, 4, 512); }},
      {"train", "dlrm_b16384_d2", 2, [] { return small_dlrm(small_table(false), 16384); }},
      {"train", "dlrm_norm_b8192_d2", 2, [] { return small_dlrm(small_table(true), 8192); }},
      {"train", "dlrm_b65536_d4", 4, [] { return small_dlrm(small_table(false), 65536); }},
      {"train", "unet_1_b4_d2", 2, [] { return small_unet({.channels = 64, .pools = 1}, 4, 320); }},
      {"train", "unet_2_b8_d2", 2, [] { return small_unet({.pools = 2}, 8, 320); }},
      {"train", "transformer_1_b16_d2", 2, [=] { return small_transformer(narrow_transformer, 16, 64); }},
      {"valid", "vit_glu_1_b128_d2", 2, [=] { return small_vit(wide_gated_vit, 128); }},
      {"valid", "dlrm_norm_b32768_d2", 2, [] { return small_dlrm(small_table(true), 32768); }},
      {"test", "transformer_1_b32_d2", 2, [] { return small_transformer(shallow_transformer(), 32, 128); }},
      {"test", "unet_3_b4_d2", 2, [] { return small_unet({.pools = 3}, 4, 320); }},
  };
}

}  // namespace timetrial
