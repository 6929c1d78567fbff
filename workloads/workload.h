#pragma once

// The contract between a workload and the harness: model, loss, data, metrics. Targets, budgets and
// evaluation periods are data (tuning/benchmarks/*.json), not code.
//
// Threads: all calls come from one thread, except that BatchSource tasks run on loader threads.
// Errors: UserError for missing or corrupt data, with the file and the line or byte.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <torch/nn/module.h>

#include "timetrial/model.h"
#include "timetrial/parameter.h"
#include "workloads/data/batch_source.h"

namespace timetrial {

enum class Tier { full, mini };
enum class Split {
  train_evaluation,
  validation,
  test
};  // train_evaluation: a fixed part of the training data

std::string_view to_string(Tier tier);
std::string_view to_string(Split split);  // "train", "validation", "test": the prefix of metric names
Tier tier_from_string(const std::string& text);

struct WorkloadOptions {
  Tier tier = Tier::full;
  std::string variant;                   // "" for the base workload, else "layernorm", "resnet" …
  std::filesystem::path data_directory;  // holds <workload>/<tier>/
  at::Device device = at::kCPU;
  int64_t evaluation_batch_size = 0;
  // The process sees nothing of what the data set holds back (held_back.h): only training_data() reads
  // examples, the same as ever; evaluate() throws std::logic_error.
  bool training_only = false;
  int loader_threads = 1;  // that make batches beside the training, and of an evaluation
};

using Metrics = std::map<std::string, double>;  // "loss", "accuracy" … without the split

// What the trained model makes of a held-out example, for people to look at.
struct Exhibit {
  std::string kind;     // says how to draw it; reports know some kinds (results/report/README.md)
  std::string content;  // one JSON object, of at most 256 KiB; a larger one is not kept
};

// A generated batch on which two programs are compared (workloads/fingerprint).
struct FingerprintCase {
  std::string name;
  Batch batch;                 // float32 and integer tensors on the CPU
  bool soft_targets = false;   // the loss also takes float targets [batch, classes]
  bool always_masked = false;  // the loss is not defined without "weights"
  std::map<std::string, std::string> reference_names =
      {};  // of batch tensors that the reference calls otherwise
};

// <data directory>/<data set>/<tier>; the data set is named as the workload unless several share it.
std::filesystem::path data_set_directory(const WorkloadOptions& options, const std::string& data_set);

// What evaluate() begins with: throws std::logic_error where the examples to evaluate on cannot be seen.
void require_evaluation_data(const WorkloadOptions& options);

// A random generator of its own for the device, so that initial values do not depend on what was drawn before
// and the global generators stay as they are. Undefined on the meta device, whose tensors have no values.
at::Generator seeded_generator(at::Device device, uint64_t seed);

class Workload {
 public:
  virtual ~Workload() = default;

  virtual LossType loss_type() const = 0;

  // Creates the model with initial values drawn from `seed` on the workload's device, in place of any earlier
  // one. `dtype` is float32 in every trial; parity tests use float64.
  virtual void build_model(uint64_t seed, at::ScalarType dtype = at::kFloat) = 0;

  // The module owns parameters and buffers; names and order are those of the reference's state dict.
  virtual torch::nn::Module& model() = 0;

  // Role of every parameter, in the order of model().named_parameters().
  virtual ParameterList parameters() = 0;

  // Logits of a batch. Sets the module's train/eval mode from the options. Shapes are stated by each
  // workload.
  virtual at::Tensor forward(const Batch& batch, const ForwardOptions& options) = 0;

  // Loss by AlgoPerf's definition, masked with batch "weights" where present.
  virtual Loss loss(const Batch& batch, const at::Tensor& logits, const LossOptions& options) = 0;

  // Opens the training data. The order of examples is a function of `seed` and the position alone.
  virtual std::unique_ptr<BatchSource> training_data(int64_t batch_size, uint64_t seed) = 0;

  // Runs the model over the whole split (every example exactly once), without gradients, leaving the model's
  // parameters, buffers and the random generators as they were. Throws std::logic_error with `training_only`.
  virtual Metrics evaluate(Split split) = 0;

  // What fingerprints are taken on; the first is also that of every trial. Needs no data set.
  virtual std::vector<FingerprintCase> fingerprint_cases() const = 0;

  // The model of a fingerprint: build_model() unless that is too large to compare.
  virtual void build_fingerprint_model(at::ScalarType dtype) { build_model(0, dtype); }

  // Which positions of the logits are padding, 1, and which are not, 0: [batch, positions]. Undefined for
  // workloads whose logits have none.
  virtual at::Tensor logit_paddings(const Batch&) { return {}; }

  // Whether the scales of norms are stored minus one, so that generated parameters fill them around zero.
  virtual bool scales_minus_one() const { return false; }

  // Names what was read, so that results of different data are never compared: manifest id of the data
  // directory.
  virtual std::string data_set_id() const = 0;

  // None where there is nothing to see. Called at most once, when the trial has ended well: after the last
  // evaluation, off the clock, by the process that evaluates, with the parameters of the trial's end, which
  // are those evaluated last unless the budget ran out since. Of several ranks the first alone is asked, so
  // it must not wait for the others. An exception becomes a warning of the trial.
  virtual std::optional<Exhibit> exhibit() { return std::nullopt; }
};

// Builds by name; the list is generated from the folders under workloads/. Throws UserError for an unknown
// name, variant or a data set that is missing, naming `timetrial prepare`.
std::unique_ptr<Workload> make_workload(const std::string& name, const WorkloadOptions& options);
std::vector<std::string> workload_names();

}  // namespace timetrial
