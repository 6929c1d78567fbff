#include "harness/worker/strict_calls.h"

#include <nlohmann/json.hpp>

#include "harness/errors/user_error.h"
#include "harness/journal/json_fields.h"

namespace timetrial {

namespace {

using nlohmann::json;

json evaluation_to_json(const EvaluationResult& evaluation) {
  json metrics = json::object();
  for (const auto& [name, value] : evaluation.metrics) metrics[name] = number_to_json(value);
  return {{"step", evaluation.step}, {"elapsed_seconds", evaluation.elapsed_seconds}, {"metrics", metrics}};
}

EvaluationResult evaluation_from(const json& object) {
  JsonFields fields(object, "an evaluation");
  EvaluationResult evaluation{fields.integer("step"), fields.number("elapsed_seconds"), {}};
  for (const auto& [name, value] : fields.object("metrics").items())
    number_from_json(value, evaluation.metrics[name]);
  return evaluation;
}

std::string to_string(TrialBudget::Next next) {
  return next == TrialBudget::Next::evaluate ? "evaluate"
         : next == TrialBudget::Next::stop   ? "stop"
                                             : "train";
}

TrialBudget::Next next_from(const std::string& text) {
  if (text == "evaluate") return TrialBudget::Next::evaluate;
  if (text == "stop") return TrialBudget::Next::stop;
  if (text == "train") return TrialBudget::Next::train;
  throw UserError({"nothing of that name can be due", "an answer of the trainer", text, ""});
}

}  // namespace

json to_json(const TrainCall& call) {
  json evaluations = json::array();
  for (const EvaluationResult& evaluation : call.evaluations)
    evaluations.push_back(evaluation_to_json(evaluation));
  return {{"call", "train"},
          {"elapsed_seconds", call.elapsed_seconds},
          {"checkpoint_at_seconds", number_to_json(call.checkpoint_at_seconds)},
          {"best", number_to_json(call.best)},
          {"last_evaluation_seconds", call.budget.last_evaluation_seconds},
          {"any_evaluation", call.budget.any_evaluation},
          {"validation_reached", call.budget.validation_reached},
          {"test_reached", call.budget.test_reached},
          {"evaluations", evaluations}};
}

TrainCall train_call_from(const json& object) {
  JsonFields fields(object, "a call of the evaluator");
  TrainCall call;
  call.elapsed_seconds = fields.number("elapsed_seconds");
  call.checkpoint_at_seconds = fields.number("checkpoint_at_seconds");
  call.best = fields.number("best");
  call.budget = {fields.number("last_evaluation_seconds"), fields.flag("any_evaluation"),
                 fields.flag("validation_reached"), fields.flag("test_reached")};
  for (const json& evaluation : object.at("evaluations"))
    call.evaluations.push_back(evaluation_from(evaluation));
  return call;
}

json to_json(const StretchAnswer& answer) {
  return {{"answer", "stretch"},
          {"next", to_string(answer.end.next)},
          {"step", answer.end.step},
          {"training_loss", number_to_json(answer.end.training_loss)},
          {"losses_diverged", answer.end.losses_diverged},
          {"finished", answer.end.finished_by_submission},
          {"data_wait_seconds", number_to_json(answer.data_wait_seconds)}};
}

StretchAnswer stretch_answer_from(const json& object) {
  JsonFields fields(object, "an answer of the trainer");
  StretchAnswer answer;
  answer.end.next = next_from(fields.text("next"));
  answer.end.step = fields.integer("step");
  answer.end.training_loss = fields.number("training_loss");
  answer.end.losses_diverged = fields.flag("losses_diverged");
  answer.end.finished_by_submission = fields.flag("finished");
  answer.data_wait_seconds = fields.number("data_wait_seconds");
  return answer;
}

json parse_message(const std::string& text) {
  json message = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (message.is_object()) return message;
  throw UserError({"a message cannot be understood", "between trainer and evaluator", text.substr(0, 80),
                   "run the trial again"});
}

void PeerJournal::append(const JournalRecord& record) {
  peer_.send(json({{"record", record_to_json(record)}}).dump());
}

}  // namespace timetrial
