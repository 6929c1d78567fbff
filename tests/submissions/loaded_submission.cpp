#include "loaded_submission.h"

#include <stdexcept>

#include <dlfcn.h>

namespace timetrial {
namespace {

void raise_failure(const CallResult& result) {
  if (result.failed) throw std::runtime_error(result.message);
}

}  // namespace

LoadedSubmission::LoadedSubmission(const std::string& library, const Point& point,
                                   const ParameterList& parameters, int64_t step_hint)
    : hyperparameters_(point) {
  const std::string file = std::string(TIMETRIAL_SUBMISSION_DIR) + "/" + library + ".so";
  void* handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);  // never closed: threads may still run in it
  if (handle == nullptr) throw std::runtime_error(dlerror());
  auto entry = reinterpret_cast<EntryFunction>(dlsym(handle, kEntrySymbol));
  if (entry == nullptr) throw std::runtime_error(file + " does not export " + kEntrySymbol);
  table_ = entry();
  if (table_->api_version != kApiVersion) throw std::runtime_error(file + " has another API version");

  CallResult result;
  submission_ = table_->create(result);
  raise_failure(result);
  Initialization initialization{parameters, hyperparameters_};
  initialization.step_hint = step_hint;
  table_->initialize(*submission_, initialization, result);
  if (result.failed) table_->destroy(submission_);
  raise_failure(result);
}

LoadedSubmission::~LoadedSubmission() {
  table_->destroy(submission_);
}

void LoadedSubmission::update(Step& step) {
  CallResult result;
  table_->update(*submission_, step, result);
  raise_failure(result);
}

State LoadedSubmission::save() const {
  CallResult result;
  State state;
  table_->save(*submission_, state, result);
  raise_failure(result);
  return state;
}

void LoadedSubmission::load(const State& state) {
  CallResult result;
  table_->load(*submission_, state, result);
  raise_failure(result);
}

void train(LoadedSubmission& submission, GoldenProblem& problem, int64_t begin, int64_t end) {
  for (int64_t index = begin; index < end; ++index) {
    GoldenStep step(problem, index);
    submission.update(step);
  }
}

}  // namespace timetrial
