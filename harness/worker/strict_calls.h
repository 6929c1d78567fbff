#pragma once

// What evaluator and trainer say to each other, as JSON. The evaluator asks, the trainer answers each call
// once; records for the journal may come before an answer.
//
//   evaluator                                   trainer
//   {"call": "start"}                           {"answer": "ready"}     the session stands
//   {"call": "restore", "file": …}              {"answer": "done"}
//   {"call": "train", …TrainCall}               {"answer": "stretch", …StretchAnswer}
//   {"call": "resume_training"}                 {"answer": "done"}
//   {"call": "save"}                            {"answer": "done"}      kArchiveName lies in kScratchFolder
//   {"call": "end"}                             records, then the end of the process
//                                               {"record": …}           at any time
//                                               {"problem": …, "of_harness": …}   instead of an answer, at
//                                               its end

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/journal/journal.h"
#include "harness/strict/peer.h"
#include "harness/worker/training.h"
#include "harness/worker/trial_budget.h"

namespace timetrial {

inline constexpr const char* kArchiveName = "checkpoint.pt";

struct TrainCall {
  double elapsed_seconds = 0;
  double checkpoint_at_seconds = 0;
  double best = 0;  // validation value so far, for the display; NaN when none
  BudgetState budget;
  std::vector<EvaluationResult> evaluations;  // since the last call
};

// The trainer's word. Its seconds do not count.
struct StretchAnswer {
  StretchEnd end;
  double data_wait_seconds = 0;  // so far in this attempt
};

nlohmann::json to_json(const TrainCall& call);
nlohmann::json to_json(const StretchAnswer& answer);
TrainCall train_call_from(const nlohmann::json& json);  // throw UserError
StretchAnswer stretch_answer_from(const nlohmann::json& json);

// Throws UserError for what is no JSON object.
nlohmann::json parse_message(const std::string& text);

// Sends records to the evaluator, which has the journal.
class PeerJournal final : public JournalSink {
 public:
  explicit PeerJournal(Peer& peer) : peer_(peer) {}
  void append(const JournalRecord& record) override;
  void require_lease() const override {}

 private:
  Peer& peer_;
};

}  // namespace timetrial
