#include "workloads/graph_optimizer/graph_set/full_recipes.h"

#include <utility>

#include <torch/torch.h>

#include "workloads/graph_export/step_export.h"

namespace timetrial {
namespace {

// A workload's official model on a batch of so many examples, of the shapes of its fingerprint's last case.
struct OfficialModel {
  std::string workload;
  std::string variant;
  int64_t examples = 1;
  int64_t tokens = 0;      // of a row, where examples are rows of tokens; 0: as the fingerprint has it
  bool mean_loss = false;  // the mean of the logits, where the loss needs values (CTC)
};

// [examples, tokens] in place of every matrix of tokens.
Batch with_tokens(Batch batch, int64_t examples, int64_t tokens) {
  for (auto& [name, tensor] : batch.tensors)
    if (tensor.dim() == 2) tensor = at::empty({examples, tokens}, tensor.options());
  return batch;
}

ExportedGraph exported_step(const OfficialModel& model) {
  WorkloadOptions options;
  options.device = at::kMeta;
  options.variant = model.variant;
  const auto workload = make_workload(model.workload, options);
  Batch batch = meta_batch(workload->fingerprint_cases().back().batch, model.examples);
  if (model.tokens > 0) batch = with_tokens(std::move(batch), model.examples, model.tokens);
  TrainingStepOptions step;
  step.update = momentum_update();
  if (model.mean_loss) step.loss = [](const at::Tensor& logits) { return logits.mean(); };
  return export_training_step(*workload, batch, step);
}

GraphRecipe full_recipe(const std::string& split, const std::string& name, uint32_t devices,
                        OfficialModel model) {
  return {split, name, devices, [model = std::move(model)] { return exported_step(model); }};
}

}  // namespace

std::vector<GraphRecipe> full_graph_recipes() {
  return {
      full_recipe("train", "resnet_b32_d2", 2, {"imagenet_resnet", "", 32}),
      full_recipe("train", "resnet_b128_d4", 4, {"imagenet_resnet", "", 128}),
      full_recipe("train", "vit_b32_d2", 2, {"imagenet_vit", "", 32}),
      full_recipe("train", "vit_glu_b64_d4", 4, {"imagenet_vit", "glu", 64}),
      full_recipe("train", "decoder_b4_d2", 2, {"finewebedu_lm", "", 4, 512}),
      full_recipe("train", "decoder_b8_d4", 4, {"finewebedu_lm", "", 8, 1024}),
      full_recipe("train", "dlrm_b16384_d2", 2, {"criteo1tb", "", 16384}),
      full_recipe("train", "dlrm_norm_b65536_d4", 4, {"criteo1tb", "layernorm", 65536}),
      full_recipe("train", "unet_b4_d2", 2, {"fastmri", "", 4}),
      full_recipe("train", "unet_tanh_b8_d4", 4, {"fastmri", "tanh", 8}),
      full_recipe("train", "cifar_b256_d2", 2, {"cifar", "", 256}),
      full_recipe("train", "transformer_b32_d4", 4, {"wmt", "", 32, 128}),
      full_recipe("valid", "vit_map_b128_d2", 2, {"imagenet_vit", "map", 128}),
      full_recipe("valid", "transformer_glu_b64_d2", 2, {"wmt", "glu_tanh", 64, 64}),
      full_recipe("test", "conformer_b8_d2", 2, {"librispeech_conformer", "", 8, 0, true}),
      full_recipe("test", "dlrm_residual_b32768_d4", 4, {"criteo1tb", "resnet", 32768}),
  };
}

}  // namespace timetrial
