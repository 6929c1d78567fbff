#include "harness/worker/remote_training.h"

#include <chrono>
#include <functional>
#include <thread>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sys/mman.h>
#include <torch/torch.h>

#include "../temporary_folder.h"
#include "harness/device/device.h"
#include "harness/errors/user_error.h"
#include "harness/worker/evaluated_model.h"
#include "harness/worker/strict_calls.h"
#include "harness/worker/submission_library.h"
#include "peers.h"

namespace timetrial {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class TwoWeights : public torch::nn::Module {
 public:
  TwoWeights() { weight = register_parameter("weight", torch::zeros({2})); }
  at::Tensor weight;
};

// Only what an evaluator needs of a workload.
class SmallWorkload final : public Workload {
 public:
  LossType loss_type() const override { return LossType::softmax_cross_entropy; }
  void build_model(uint64_t, at::ScalarType) override {}
  torch::nn::Module& model() override { return module_; }
  ParameterList parameters() override { return {{"weight", module_.weight, ParameterKind::weight}}; }
  at::Tensor forward(const Batch&, const ForwardOptions&) override { return {}; }
  Loss loss(const Batch&, const at::Tensor&, const LossOptions&) override { return {}; }
  std::unique_ptr<BatchSource> training_data(int64_t, uint64_t) override { return nullptr; }
  Metrics evaluate(Split) override { return {{"loss", module_.weight.sum().item<double>()}}; }
  std::vector<FingerprintCase> fingerprint_cases() const override { return {}; }
  std::string data_set_id() const override { return "small"; }

 private:
  TwoWeights module_;
};

struct Records final : JournalSink {
  void append(const JournalRecord& record) override { all.push_back(record); }
  void require_lease() const override {}
  std::vector<JournalRecord> all;
};

// An evaluator, and a trainer on another thread that answers by `answers`, one after the other.
class RemoteTrainingTest : public FolderTest {
 protected:
  using Answer = std::function<void(Peer&, const json& call)>;

  RemoteTrainingTest() {
    spec_.budget_seconds = 100;
    spec_.evaluation_period_seconds = 10;
    spec_.stall_limit_seconds = 5;
    spec_.target.metric = "loss";
  }
  ~RemoteTrainingTest() override { end_trainer(); }

  RemoteTraining& training_with(std::vector<Answer> answers) {
    shared_.emplace(SharedTensors::make(memory_.get(), tensors_of_model(workload_)));
    trainer_ = std::thread([this, answers = std::move(answers)] {
      try {
        for (const Answer& answer : answers) answer(*peers_.trainer, call());
        call();
      } catch (const PeerGone&) {
      }
    });
    training_.emplace(RemoteTraining::Parts{folder_, spec_, *peers_.evaluator, *shared_, workload_, ledger_,
                                            records_, stop_, ::getpid()});
    return *training_;
  }

  void end_trainer() {
    if (!trainer_.joinable()) return;
    peers_.evaluator.reset();
    trainer_.join();
  }

  json call() {
    while (true) {
      if (const auto message = peers_.trainer->receive(1)) return parse_message(message->text);
    }
  }

  static Answer stretch(TrialBudget::Next next, int64_t step, double seconds = 0) {
    return [=](Peer& peer, const json&) {
      std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
      StretchAnswer answer;
      answer.end.next = next;
      answer.end.step = step;
      answer.end.seconds = 1e6;  // a lie
      peer.send(to_json(answer).dump());
    };
  }

  static Answer says(const json& answer) {
    return [=](Peer& peer, const json&) { peer.send(answer.dump()); };
  }

  static Answer records(const JournalRecord& record) {
    return [=](Peer& peer, const json&) { PeerJournal(peer).append(record); };
  }

  StretchEnd train() { return training_->train(budget_, surroundings_, 1e9); }

  TrialSpec spec_;
  SmallWorkload workload_;
  Peers peers_;
  FileDescriptor memory_{::memfd_create("remote-training-test", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
  std::optional<SharedTensors> shared_;
  PhaseLedger ledger_{0};
  Records records_;
  StopRequest stop_;
  std::optional<RemoteTraining> training_;
  TrialBudget budget_{{100, 10, 0, StopRule::never}};
  StepSurroundings surroundings_;
  std::thread trainer_;
};

TEST_F(RemoteTrainingTest, TimesAStretchByItsOwnClock) {
  constexpr double kSeconds = 0.05;
  training_with({stretch(TrialBudget::Next::evaluate, 3, kSeconds)});
  const double begin = steady_seconds();
  const StretchEnd end = train();
  EXPECT_GE(end.seconds, kSeconds);
  EXPECT_LE(end.seconds, steady_seconds() - begin);
  EXPECT_EQ(end.step, 3);
  EXPECT_EQ(end.next, TrialBudget::Next::evaluate);
  EXPECT_EQ(surroundings_.clock.elapsed_seconds, end.seconds);
}

TEST_F(RemoteTrainingTest, EvaluatesTheParametersOfTheTrainer) {
  training_with({[this](Peer& peer, const json& call) {
    shared_->put({torch::full({2}, 1.5)});
    stretch(TrialBudget::Next::evaluate, 1)(peer, call);
  }});
  train();
  EXPECT_EQ(training_->evaluate().at("validation/loss"), 3);
  EXPECT_EQ(training_->first_non_finite_parameter(), "");
}

TEST_F(RemoteTrainingTest, TellsTheTrainerOfEveryEvaluationOnce) {
  std::vector<std::size_t> told;
  const Answer count = [&told](Peer& peer, const json& call) {
    told.push_back(train_call_from([&] {
                     json fields = call;
                     fields.erase("call");
                     return fields;
                   }())
                       .evaluations.size());
    stretch(TrialBudget::Next::evaluate, std::ssize(told))(peer, call);
  };
  training_with({count, count, count});
  surroundings_.evaluations = {{0, 0, {{"validation/loss", 1}}}, {0, 0, {{"validation/loss", 2}}}};
  train();
  surroundings_.evaluations.push_back({1, 1, {{"validation/loss", 3}}});
  train();
  train();
  EXPECT_EQ(told, (std::vector<std::size_t>{2, 1, 0}));
}

TEST_F(RemoteTrainingTest, RefusesAnEvaluationBeforeOneIsDue) {
  training_with({stretch(TrialBudget::Next::evaluate, 1), stretch(TrialBudget::Next::evaluate, 2)});
  train();
  budget_.evaluated(surroundings_.clock.elapsed_seconds, false, false);
  EXPECT_THROW(train(), SubmissionError);
}

TEST_F(RemoteTrainingTest, EndsByItsOwnClockWhateverTheTrainerSays) {
  surroundings_.clock.elapsed_seconds = 99.99;
  training_with({stretch(TrialBudget::Next::evaluate, 1, 0.02)});
  EXPECT_EQ(train().next, TrialBudget::Next::stop);
  EXPECT_EQ(budget_.outcome(), Outcome::budget_exhausted);
}

TEST_F(RemoteTrainingTest, RefusesToEndBeforeTheBudgetDoes) {
  training_with({stretch(TrialBudget::Next::stop, 1)});
  EXPECT_THROW(train(), SubmissionError);
}

TEST_F(RemoteTrainingTest, RefusesStepsThatWereNotMade) {
  training_with({stretch(TrialBudget::Next::evaluate, 0)});
  EXPECT_THROW(train(), SubmissionError);
}

TEST_F(RemoteTrainingTest, RefusesOtherAnswers) {
  training_with({says({{"answer", "done"}})});
  EXPECT_THROW(train(), SubmissionError);
}

TEST_F(RemoteTrainingTest, RefusesWhatIsNoJson) {
  training_with({[](Peer& peer, const json&) { peer.send("[1, 2"); }});
  EXPECT_THROW(train(), SubmissionError);
}

TEST_F(RemoteTrainingTest, RefusesFieldsOfAnotherType) {
  json answer = to_json(StretchAnswer{});
  answer["step"] = "three";
  training_with({says(answer)});
  EXPECT_THROW(train(), SubmissionError);
}

TEST_F(RemoteTrainingTest, RefusesARecordThatIsNone) {
  training_with({says({{"record", 7}})});
  EXPECT_THROW(train(), SubmissionError);
}

TEST_F(RemoteTrainingTest, PassesOnWhatTheTrainerCannotGoOnFor) {
  training_with({says({{"problem", "the data set is missing"}, {"of_harness", false}})});
  try {
    train();
    FAIL();
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("the data set is missing"));
  }
}

TEST_F(RemoteTrainingTest, TellsAFaultOfTheHarnessFromOneOfTheUser) {
  training_with({says({{"problem", "impossible"}, {"of_harness", true}})});
  EXPECT_THROW(train(), std::runtime_error);
}

TEST_F(RemoteTrainingTest, EndsWhateverTheTrainerSaysLast) {
  training_with({records(OutcomeRecord{})});
  training_->end();
}

TEST_F(RemoteTrainingTest, TakesTheTrainersFailureFromIt) {
  OutcomeRecord failed;
  failed.outcome = Outcome::failed;
  failed.message = "the submission failed in update: no";
  training_with({records(failed)});
  try {
    train();
    FAIL();
  } catch (const TrainerFailed& found) {
    EXPECT_EQ(found.outcome.message, failed.message);
  }
}

TEST_F(RemoteTrainingTest, LetsTheTrainerWriteNoEvaluation) {
  training_with({records(EvaluationRecord{})});
  EXPECT_THROW(train(), SubmissionError);
}

TEST_F(RemoteTrainingTest, NoticesThatTheTrainerIsGone) {
  training_with({[this](Peer&, const json&) {
    peers_.trainer.reset();
    throw PeerGone();
  }});
  EXPECT_THROW(train(), PeerGone);
}

TEST_F(RemoteTrainingTest, PassesOnTheWishToEnd) {
  training_with({[this](Peer& peer, const json& call) {
    while (!shared_->stop_flag().load()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    stretch(TrialBudget::Next::train, 1)(peer, call);
  }});
  stop_.asked.store(true);
  EXPECT_EQ(train().step, 1);
  EXPECT_TRUE(training_->interrupted());
}

TEST_F(RemoteTrainingTest, SaysThatACheckpointIsMissing) {
  training_with({says({{"answer", "done"}})});
  EXPECT_THROW(training_->save(1), SubmissionError);
}

}  // namespace
}  // namespace timetrial
