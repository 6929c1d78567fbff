#pragma once

// The role of a parameter as the reference derives it: from its name alone, first rule that matches.

#include <string>

#include <torch/nn/module.h>

#include "timetrial/parameter.h"

namespace timetrial {

// The rules in order: "bn" -> batch norm; "norm" or "ln" -> layer norm; "conv"; "embedding" or "embed"
// together with "weight"; "attn" or "attention"; "bias"; anything else is a weight. The order has odd
// consequences that the reference shares: Criteo's embedding_chunk_0 is a weight, a linear layer inside a
// module called conv is a conv weight. Throws std::logic_error for a norm or attention name the rules do not
// cover.
ParameterKind parameter_kind_of(const std::string& name);

// Name, tensor and kind of every parameter, in the order of model.named_parameters(). `output_layer`: the
// prefix of the parameters that make the logits, without the last dot.
ParameterList list_parameters(const torch::nn::Module& model, const std::string& output_layer);

}  // namespace timetrial
