#pragma once

// Weights that another program saved, given to a model by name.

#include <filesystem>
#include <map>
#include <string>

#include <ATen/core/Tensor.h>
#include <torch/nn/module.h>

namespace timetrial {

using StateDict = std::map<std::string, at::Tensor>;

// Reads FILE.safetensors, or FILE.pt / .pth as torch.save writes a dictionary of tensors (no code in it is
// run). The prefixes "module." and "_orig_mod." of wrapped models are taken off. Throws UserError for a
// damaged file and for anything that is not a dictionary of tensors.
StateDict read_state_dict(const std::filesystem::path& file);

// Copies by name into parameters and buffers, converting the dtype. Throws UserError unless every parameter
// is there with its shape and every tensor has a place; buffers that the file does not hold stay as they are.
// A module that is part of two others is saved under each of their names: PREFIX.name with the values of a
// name that was taken is no error.
void load_state_dict(torch::nn::Module& module, const StateDict& tensors, const std::filesystem::path& file);

}  // namespace timetrial
