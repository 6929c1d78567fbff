#include "workloads/fingerprint/state_dict_file.h"

#include <cstring>
#include <fstream>
#include <set>

#include <nlohmann/json.hpp>
#include <torch/torch.h>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

using nlohmann::json;

constexpr const char* kCure = "give a file that safetensors or torch.save(model.state_dict(), FILE) wrote";
constexpr uint64_t kMostHeaderBytes = 100u << 20;  // the limit of the format's own reader

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& what,
                         const std::string& value) {
  throw UserError({what, file.string(), value, kCure});
}

std::vector<char> read_bytes(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary | std::ios::ate);
  if (!stream) refuse(file, "the weights cannot be read", "no such file, or no permission");
  std::vector<char> bytes(static_cast<size_t>(stream.tellg()));
  stream.seekg(0);
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!stream)
    refuse(file, "the weights cannot be read to their end", std::to_string(bytes.size()) + " bytes");
  return bytes;
}

at::ScalarType dtype_of(const std::string& name, const std::filesystem::path& file) {
  static const std::map<std::string, at::ScalarType> dtypes = {
      {"F64", at::kDouble}, {"F32", at::kFloat}, {"F16", at::kHalf},  {"BF16", at::kBFloat16},
      {"I64", at::kLong},   {"I32", at::kInt},   {"I16", at::kShort}, {"I8", at::kChar},
      {"U8", at::kByte},    {"BOOL", at::kBool}};
  const auto found = dtypes.find(name);
  if (found == dtypes.end()) refuse(file, "a tensor has a dtype that is not known", name);
  return found->second;
}

// One entry: {"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]}, offsets after the header.
at::Tensor safetensor(const json& entry, const std::vector<char>& bytes, size_t data_begin,
                      const std::filesystem::path& file) {
  const at::ScalarType dtype = dtype_of(entry.at("dtype").get<std::string>(), file);
  const auto shape = entry.at("shape").get<std::vector<int64_t>>();
  const auto begin = entry.at("data_offsets").at(0).get<uint64_t>();
  const auto end = entry.at("data_offsets").at(1).get<uint64_t>();
  const size_t available = bytes.size() - data_begin;
  uint64_t needed = at::elementSize(dtype);
  for (const int64_t size : shape) {
    if (size < 0 || (size > 0 && needed > available / static_cast<uint64_t>(size))) {
      refuse(file, "a tensor is larger than the file", entry.dump());
    }
    needed *= static_cast<uint64_t>(size);
  }
  if (end > available || begin > end || end - begin != needed) {
    refuse(file, "a tensor's bytes do not fit its shape, or the file is cut off", entry.dump());
  }
  at::Tensor tensor = at::empty(shape, dtype);
  std::memcpy(tensor.data_ptr(), bytes.data() + data_begin + begin, needed);
  return tensor;
}

StateDict read_safetensors(const std::filesystem::path& file) {
  const std::vector<char> bytes = read_bytes(file);
  uint64_t header_bytes = 0;
  if (bytes.size() < sizeof(header_bytes))
    refuse(file, "the file is too short", std::to_string(bytes.size()));
  std::memcpy(&header_bytes, bytes.data(), sizeof(header_bytes));
  if (header_bytes > kMostHeaderBytes || header_bytes > bytes.size() - sizeof(header_bytes)) {
    refuse(file, "the header is longer than the file", std::to_string(header_bytes) + " bytes");
  }
  const size_t data_begin = sizeof(header_bytes) + header_bytes;
  StateDict tensors;
  try {
    const json header = json::parse(bytes.data() + sizeof(header_bytes), bytes.data() + data_begin);
    for (const auto& [name, entry] : header.items()) {
      if (name != "__metadata__") tensors[name] = safetensor(entry, bytes, data_begin, file);
    }
  } catch (const json::exception& error) {
    refuse(file, "the header is not what the format says", error.what());
  }
  return tensors;
}

StateDict read_pickled(const std::filesystem::path& file) {
  StateDict tensors;
  const std::vector<char> bytes = read_bytes(file);
  try {
    const c10::IValue value = torch::pickle_load(bytes);
    if (!value.isGenericDict()) refuse(file, "the file holds no dictionary", value.tagKind());
    for (const auto& entry : value.toGenericDict()) {
      if (!entry.key().isString() || !entry.value().isTensor()) {
        refuse(file, "an entry is not a named tensor", entry.value().tagKind());
      }
      tensors[entry.key().toStringRef()] = entry.value().toTensor().detach();
    }
  } catch (const c10::Error& error) {
    refuse(file, "the file cannot be read", error.what_without_backtrace());
  }
  return tensors;
}

std::string without_wrappers(std::string name) {
  for (bool again = true; again;) {
    again = false;
    for (const std::string prefix : {"module.", "_orig_mod."}) {
      if (!name.starts_with(prefix)) continue;
      name.erase(0, prefix.size());
      again = true;
    }
  }
  return name;
}

std::string shape_text(const at::Tensor& tensor) {
  std::string text;
  for (const int64_t size : tensor.sizes()) text += (text.empty() ? "" : "x") + std::to_string(size);
  return text.empty() ? "scalar" : text;
}

// Whether a tensor is a used one over again, under the name of another module that holds the same one.
bool repeats_a_used_one(const std::string& name, const StateDict& tensors,
                        const std::set<std::string>& used) {
  for (size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) {
    const std::string inner = name.substr(dot + 1);
    if (used.count(inner) == 0) continue;
    const at::Tensor& one = tensors.at(inner);
    const at::Tensor& other = tensors.at(name);
    if (one.scalar_type() == other.scalar_type() && at::equal(one, other)) return true;
  }
  return false;
}

}  // namespace

StateDict read_state_dict(const std::filesystem::path& file) {
  const StateDict read = file.extension() == ".safetensors" ? read_safetensors(file) : read_pickled(file);
  StateDict named;
  for (const auto& [name, tensor] : read) named[without_wrappers(name)] = tensor;
  return named;
}

void load_state_dict(torch::nn::Module& module, const StateDict& tensors, const std::filesystem::path& file) {
  const at::NoGradGuard no_grad;
  std::set<std::string> used;
  const auto load = [&](const std::string& name, at::Tensor target, bool required) {
    const auto found = tensors.find(name);
    if (found == tensors.end()) {
      if (required) refuse(file, "a parameter of the model is not in the file", name);
      return;
    }
    if (found->second.sizes() != target.sizes()) {
      refuse(file, "tensor " + name + " has another shape than the model's " + shape_text(target),
             shape_text(found->second));
    }
    target.copy_(found->second);
    used.insert(name);
  };
  for (auto& item : module.named_parameters()) load(item.key(), item.value(), true);
  for (auto& item : module.named_buffers()) load(item.key(), item.value(), false);
  for (const auto& [name, tensor] : tensors) {
    if (used.count(name) == 0 && !repeats_a_used_one(name, tensors, used)) {
      refuse(file, "the model has no tensor of this name", name);
    }
  }
}

}  // namespace timetrial
