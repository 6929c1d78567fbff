#include "harness/worker/submission_library.h"

#include <gmock/gmock.h>

#include "harness/errors/user_error.h"
#include "harness/worker/empty_session.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;

std::string refusal_of(const std::string& library) {
  std::string refusal;
  try {
    open_submission_library(library);
  } catch (const UserError& error) {
    refusal = error.what();
  }
  return refusal;
}

std::string misbehaving(const std::string& name) {
  return (std::filesystem::path(TIMETRIAL_MISBEHAVING_DIR) / (name + ".so")).string();
}

class NoObserver final : public CallObserver {
 public:
  void entered(const char* /*call*/) noexcept override { ++calls; }
  void left() noexcept override { ++returns; }
  int calls = 0;
  int returns = 0;
};

class Throwing final : public Submission {
 public:
  int64_t batch_size(const WorkloadSummary& /*workload*/) override { return 0; }
  void initialize(const Initialization& /*initialization*/) override { throw 42; }
  void update(Step& /*step*/) override {}
  void save(State& /*state*/) const override { throw std::runtime_error("no room"); }
  void load(const State& /*state*/) override {}
};

TEST(SubmissionLibrary, OpensAWellBuiltOne) {
  EXPECT_EQ(open_submission_library(misbehaving("empty")).api_version, kApiVersion);
}

TEST(SubmissionLibrary, RefusesAnotherApiVersionWithTheCure) {
  const std::string message = refusal_of(misbehaving("other_api_version"));
  EXPECT_THAT(message, HasSubstr("API version"));
  EXPECT_THAT(message, HasSubstr("build it again"));
}

TEST(SubmissionLibrary, RefusesWhatIsNoSubmission) {
  EXPECT_THAT(refusal_of("/absent.so"), HasSubstr("no such submission"));
  EXPECT_THAT(refusal_of("libm.so.6"), HasSubstr("no such submission"));
  EXPECT_THAT(refusal_of("/proc/self/exe"), HasSubstr("cannot be loaded"));
}

TEST(LoadedSubmission, TurnsWhatIsThrownIntoAnErrorThatNamesTheCall) {
  static const SubmissionTable table = make_submission_table<Throwing>();
  NoObserver observer;
  LoadedSubmission submission(table, observer);
  State state;
  try {
    submission.save(state);
    FAIL() << "the exception was lost";
  } catch (const SubmissionError& error) {
    EXPECT_EQ(error.call(), "save");
    EXPECT_STREQ(error.what(), "save: no room");
  }
  const Hyperparameters none;
  EXPECT_THROW(submission.initialize({{}, none}), SubmissionError);
  EXPECT_THROW(submission.batch_size({}), SubmissionError);  // 0 is no batch size
  EXPECT_EQ(observer.calls, observer.returns);
  submission.load(state);  // an earlier failure does not stick
}

}  // namespace
}  // namespace timetrial
