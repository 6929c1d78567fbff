#pragma once

// The border between a submission's shared library and the worker: one extern "C" symbol that returns a table
// of plain functions. Every function catches what the submission throws and hands it over as text, so that no
// exception crosses the border. The layout of the first three fields never changes: they let a worker refuse
// a library of another version with the reason.

#include <cstdint>
#include <exception>
#include <string>

#include "timetrial/submission.h"
#include "timetrial/version.h"

namespace timetrial {

// How one call of the submission ended. `message` is the text of the exception.
struct CallResult {
  bool failed = false;
  std::string message;
};

struct SubmissionTable {
  uint32_t api_version;
  uint32_t table_bytes;
  const char* libtorch_version;

  Submission* (*create)(CallResult&) noexcept;
  void (*destroy)(Submission*) noexcept;
  int64_t (*batch_size)(Submission&, const WorkloadSummary&, CallResult&) noexcept;
  void (*initialize)(Submission&, const Initialization&, CallResult&) noexcept;
  // Returns through `batch` so that a failed call has something to leave empty.
  void (*select_batch)(Submission&, TrainingQueue&, Batch& batch, CallResult&) noexcept;
  void (*update)(Submission&, Step&, CallResult&) noexcept;
  bool (*capturable)(const Submission&, CallResult&) noexcept;
  void (*prepare_for_eval)(Submission&, Model&, TrainingQueue&, CallResult&) noexcept;
  void (*resume_training)(Submission&, CallResult&) noexcept;
  void (*save)(const Submission&, State&, CallResult&) noexcept;
  void (*load)(Submission&, const State&, CallResult&) noexcept;
};

inline constexpr const char* kEntrySymbol = "timetrial_submission";
using EntryFunction = const SubmissionTable* (*)();

template <typename Call>
void guarded(CallResult& result, Call&& call) noexcept {
  try {
    call();
  } catch (const std::exception& error) {
    result = {true, error.what()};
  } catch (...) {
    result = {true, "something that is not a std::exception was thrown"};
  }
}

template <typename Class>
SubmissionTable make_submission_table() {
  SubmissionTable table{};
  table.api_version = kApiVersion;
  table.table_bytes = sizeof(SubmissionTable);
  table.libtorch_version = kLibTorchVersion;
  table.create = [](CallResult& result) noexcept -> Submission* {
    Submission* created = nullptr;
    guarded(result, [&] { created = new Class(); });
    return created;
  };
  table.destroy = [](Submission* submission) noexcept { delete submission; };
  table.batch_size = [](Submission& submission, const WorkloadSummary& workload,
                        CallResult& result) noexcept {
    int64_t size = 0;
    guarded(result, [&] { size = submission.batch_size(workload); });
    return size;
  };
  table.initialize = [](Submission& submission, const Initialization& initialization,
                        CallResult& result) noexcept {
    guarded(result, [&] { submission.initialize(initialization); });
  };
  table.select_batch = [](Submission& submission, TrainingQueue& queue, Batch& batch,
                          CallResult& result) noexcept {
    guarded(result, [&] { batch = submission.select_batch(queue); });
  };
  table.update = [](Submission& submission, Step& step, CallResult& result) noexcept {
    guarded(result, [&] { submission.update(step); });
  };
  table.capturable = [](const Submission& submission, CallResult& result) noexcept {
    bool capturable = false;
    guarded(result, [&] { capturable = submission.capturable(); });
    return capturable;
  };
  table.prepare_for_eval = [](Submission& submission, Model& model, TrainingQueue& queue,
                              CallResult& result) noexcept {
    guarded(result, [&] { submission.prepare_for_eval(model, queue); });
  };
  table.resume_training = [](Submission& submission, CallResult& result) noexcept {
    guarded(result, [&] { submission.resume_training(); });
  };
  table.save = [](const Submission& submission, State& state, CallResult& result) noexcept {
    guarded(result, [&] { submission.save(state); });
  };
  table.load = [](Submission& submission, const State& state, CallResult& result) noexcept {
    guarded(result, [&] { submission.load(state); });
  };
  return table;
}

}  // namespace timetrial

#define TIMETRIAL_SUBMISSION(Class)                                                                \
  extern "C" __attribute__((visibility("default"))) const ::timetrial::SubmissionTable*            \
  timetrial_submission() {                                                                         \
    static const ::timetrial::SubmissionTable table = ::timetrial::make_submission_table<Class>(); \
    return &table;                                                                                 \
  }
