// `timetrial check`: says whether a submission keeps the contract, before anything is measured.

#include "end_to_end.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using Check = EndToEnd;

TEST_F(Check, PassesOurOwnSubmissions) {
  for (const char* name : {"adamw", "nesterov_momentum", "sync_free_adamw", "my_adamw"}) {
    const ProgramEnd check = timetrial({"check", submission(name)});
    EXPECT_EQ(check.exit_code, kDone) << check.output;
    EXPECT_THAT(check.output, HasSubstr("All checks passed."));
    EXPECT_THAT(check.output, Not(HasSubstr("FAILED")));
  }
}

TEST_F(Check, PassesOnTheOtherWorkloadAndUnderSelfTuning) {
  const ProgramEnd criteo = timetrial({"check", submission("adamw"), "--workload", "criteo1tb"});
  EXPECT_EQ(criteo.exit_code, kDone) << criteo.output;
  const ProgramEnd self_tuning = timetrial({"check", misbehaving("plain_sgd")});
  EXPECT_EQ(self_tuning.exit_code, kDone) << self_tuning.output;
  EXPECT_THAT(self_tuning.output, HasSubstr("self-tuning"));
}

struct Fault {
  const char* name;
  const char* words;
  bool with_search_space = false;
};

void PrintTo(const Fault& fault, std::ostream* stream) {
  *stream << fault.name;
}

class CheckOfAFault : public EndToEnd, public ::testing::WithParamInterface<Fault> {};

TEST_P(CheckOfAFault, FailsInPlainWords) {
  const Fault& fault = GetParam();
  std::vector<std::string> arguments = {"check", misbehaving(fault.name)};
  if (fault.with_search_space) {
    arguments.insert(arguments.end(), {"--search-space",
                                       write("space.json", R"([{"learning_rate": 0.1}, {"learning_rate": 0.2},
                         {"learning_rate": 0.3}, {"learning_rate": 0.4}])")});
  }
  const ProgramEnd check = timetrial(arguments);
  EXPECT_EQ(check.exit_code, kTrouble) << check.output;
  EXPECT_THAT(check.output, HasSubstr("FAILED"));
  EXPECT_THAT(check.output, HasSubstr(fault.words));
  EXPECT_THAT(check.output, HasSubstr("The submission does not keep the contract yet."));
}

INSTANTIATE_TEST_SUITE_P(
    Submissions, CheckOfAFault,
    ::testing::Values(
        Fault{"empty", "no parameter changed in 5 steps. To cure it: update parameters in place"},
        Fault{"throws_in_update", "update: the third update is one too many"},
        Fault{"returns_nan", "was not finite"}, Fault{"loops_forever", "update() did not return"},
        Fault{"reads_unknown_hyperparameter", "To cure it: add 'lerning_rate' to the search space", true},
        Fault{"never_reads_hyperparameter", "never read: learning_rate. To cure it: remove them", true},
        Fault{"other_api_version", "To cure it: build it again"}, Fault{"segfaults", "SIGSEGV"},
        Fault{"replaces_parameter", "To cure it: change parameters in place"},
        Fault{"forgets_state", "To cure it: put every tensor and number that update() changes into save()"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace timetrial
