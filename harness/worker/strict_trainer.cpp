#include "harness/worker/strict_trainer.h"

#include <limits>

#include <nlohmann/json.hpp>

#include "harness/errors/user_error.h"
#include "harness/journal/worker_exit.h"
#include "harness/worker/checkpoint.h"
#include "harness/worker/strict_calls.h"

namespace timetrial {

namespace {

using nlohmann::json;

constexpr double kForever = std::numeric_limits<double>::infinity();

json next_call(Peer& evaluator) {
  while (true) {
    if (const std::optional<Message> message = evaluator.receive(kForever))
      return parse_message(message->text);
  }
}

void answer(Peer& evaluator, const char* word) {
  evaluator.send(json({{"answer", word}}).dump());
}

class Service {
 public:
  Service(OwnTraining& training, TrainingSession& session, SharedTensors& shared, Watchdog& watchdog,
          const TrialSpec& spec)
      : training_(training),
        session_(session),
        tensors_(session.tensors()),
        shared_(shared),
        watchdog_(watchdog),
        rules_(budget_rules(spec)) {
    surroundings_.clock.budget_seconds = spec.budget_seconds;
  }

  StretchAnswer train(const TrainCall& call) {
    watchdog_.report_best(call.best);
    surroundings_.clock.elapsed_seconds = call.elapsed_seconds;
    surroundings_.evaluations.insert(surroundings_.evaluations.end(), call.evaluations.begin(),
                                     call.evaluations.end());
    TrialBudget budget(rules_, call.budget);
    StretchAnswer answer;
    answer.end = training_.train(budget, surroundings_, call.checkpoint_at_seconds);
    // The clock runs on: whatever this process does it does at its own cost.
    training_.inspect("training");
    shared_.put(tensors_);
    answer.data_wait_seconds = session_.data_wait_seconds();
    return answer;
  }

 private:
  OwnTraining& training_;
  TrainingSession& session_;
  std::vector<at::Tensor> tensors_;
  SharedTensors& shared_;
  Watchdog& watchdog_;
  BudgetRules rules_;
  StepSurroundings surroundings_;
};

}  // namespace

void await_start(Peer& evaluator) {
  const json call = next_call(evaluator);
  if (call.value("call", "") != "start")
    throw UserError({"the evaluator must begin with start", "a call of the evaluator", call.dump(), ""});
}

void tell_problem(Peer& evaluator, const std::string& text, bool of_harness) {
  evaluator.send(json({{"problem", text}, {"of_harness", of_harness}})
                     .dump(-1, ' ', false, json::error_handler_t::replace));
}

void serve_training(Peer& evaluator, SharedTensors& shared, OwnTraining& training, TrainingSession& session,
                    Watchdog& watchdog, const TrialSpec& spec, const std::filesystem::path& trial_directory) {
  Service service(training, session, shared, watchdog, spec);
  answer(evaluator, "ready");
  while (true) {
    const json call = next_call(evaluator);
    const std::string name = call.value("call", "");
    if (name == "end") return;
    if (name == "train") {
      evaluator.send(to_json(service.train(train_call_from(call))).dump());
      continue;
    }
    if (name == "resume_training") {
      training.resume();
      training.inspect("resume_training");
    } else if (name == "save") {
      write_archive(trial_directory / kScratchFolder / kArchiveName, training.snapshot());
    } else if (name == "restore") {
      CheckpointRecord record;
      record.file = call.at("file").get<std::string>();
      training.restore(record);
    } else {
      throw UserError({"there is no such call", "a call of the evaluator", name, ""});
    }
    answer(evaluator, "done");
  }
}

}  // namespace timetrial
