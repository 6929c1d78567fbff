#include "harness/worker/submission_library.h"

#include <dlfcn.h>

#include "harness/errors/user_error.h"

namespace timetrial {

const SubmissionTable& open_submission_library(const std::filesystem::path& library) {
  if (!std::filesystem::exists(library)) {
    throw UserError(
        {"there is no such submission library", library.string(), "", "build it, or correct the path"});
  }
  void* handle = ::dlopen(std::filesystem::absolute(library).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    throw UserError({"the submission cannot be loaded", library.string(), ::dlerror(),
                     "build it with timetrial_add_submission(), which links what it needs"});
  }
  const auto entry = reinterpret_cast<EntryFunction>(::dlsym(handle, kEntrySymbol));
  if (entry == nullptr) {
    throw UserError({"this library is not a submission: it does not export " + std::string(kEntrySymbol),
                     library.string(), "", "end its source with TIMETRIAL_SUBMISSION(YourClass)"});
  }
  const SubmissionTable* table = entry();
  const std::string rebuild = "build it again against the timetrial package that is installed here";
  if (table->api_version != kApiVersion || table->table_bytes != sizeof(SubmissionTable)) {
    throw UserError({"built for submission API version " + std::to_string(table->api_version) +
                         ", this worker has version " + std::to_string(kApiVersion),
                     library.string(), "", rebuild});
  }
  if (std::string(table->libtorch_version) != kLibTorchVersion) {
    throw UserError({std::string("built against LibTorch ") + table->libtorch_version + ", this worker has " +
                         kLibTorchVersion,
                     library.string(), "", rebuild});
  }
  return *table;
}

template <typename Call>
void LoadedSubmission::guard(const char* name, Call&& call) {
  observer_.entered(name);
  call();
  observer_.left();
  if (result_.failed) {
    const std::string message = std::move(result_.message);
    result_ = CallResult{};
    throw SubmissionError(name, message);
  }
}

LoadedSubmission::LoadedSubmission(const SubmissionTable& table, CallObserver& observer)
    : table_(table), observer_(observer) {
  guard("constructor", [&] { submission_ = table_.create(result_); });
}

LoadedSubmission::~LoadedSubmission() {
  if (submission_ != nullptr) table_.destroy(submission_);
}

int64_t LoadedSubmission::batch_size(const WorkloadSummary& workload) {
  int64_t size = 0;
  guard("batch_size", [&] { size = table_.batch_size(*submission_, workload, result_); });
  if (size <= 0) throw SubmissionError("batch_size", "must be at least 1, returned " + std::to_string(size));
  return size;
}

void LoadedSubmission::initialize(const Initialization& initialization) {
  guard("initialize", [&] { table_.initialize(*submission_, initialization, result_); });
}

void LoadedSubmission::select_batch(TrainingQueue& queue, Batch& batch) {
  guard("select_batch", [&] { table_.select_batch(*submission_, queue, batch, result_); });
}

void LoadedSubmission::update(Step& step) {
  guard("update", [&] { table_.update(*submission_, step, result_); });
}

bool LoadedSubmission::capturable() {
  bool capturable = false;
  guard("capturable", [&] { capturable = table_.capturable(*submission_, result_); });
  return capturable;
}

void LoadedSubmission::prepare_for_eval(Model& model, TrainingQueue& queue) {
  guard("prepare_for_eval", [&] { table_.prepare_for_eval(*submission_, model, queue, result_); });
}

void LoadedSubmission::resume_training() {
  guard("resume_training", [&] { table_.resume_training(*submission_, result_); });
}

void LoadedSubmission::save(State& state) {
  guard("save", [&] { table_.save(*submission_, state, result_); });
}

void LoadedSubmission::load(const State& state) {
  guard("load", [&] { table_.load(*submission_, state, result_); });
}

}  // namespace timetrial
