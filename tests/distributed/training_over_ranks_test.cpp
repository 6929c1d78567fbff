// Every workload's training on two and three ranks beside training on one: the same model at the end, the
// same metrics.

#include <fstream>

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../temporary_folder.h"
#include "../worker/recording_device.h"
#include "../workloads/mini_data.h"
#include "harness/device/device.h"
#include "harness/worker/training_session.h"
#include "harness/worker/watchdog.h"
#include "run_ranks.h"

namespace timetrial {
namespace {

constexpr int kSteps = 2;

struct RankedCase {
  const char* workload;
  const char* data_set;
  int64_t batch_size;
  int64_t evaluation_batch_size;
};

void PrintTo(const RankedCase& ranked, std::ostream* stream) {
  *stream << ranked.workload;
}

TrialSpec spec_of(const RankedCase& ranked) {
  TrialSpec spec;
  spec.submission = "sgd_without_dropout";
  spec.submission_library = std::string(TIMETRIAL_TEST_SUBMISSION_DIR) + "/sgd_without_dropout.so";
  spec.workload = ranked.workload;
  spec.tier = "mini";
  spec.seed = 7;
  spec.step_hint = 100;
  spec.threads = 1;
  spec.default_batch_size = ranked.batch_size;
  spec.evaluation_batch_size = ranked.evaluation_batch_size;
  spec.data_directory = mini_data_directory(ranked.data_set).string();
  return spec;
}

// What a trial is after a few steps: metrics, then parameters, one after the other.
struct Trained {
  at::Tensor metrics_before;  // float64, of all splits: of the initial model, so equal however it is trained
  at::Tensor parameters;
  at::Tensor buffers;
};

at::Tensor joined(const std::vector<at::Tensor>& tensors) {
  std::vector<at::Tensor> flat = {at::empty({0}, at::kDouble)};
  for (const at::Tensor& tensor : tensors) flat.push_back(tensor.detach().to(at::kDouble).reshape(-1));
  return at::cat(flat);
}

at::Tensor joined_parameters(const TrainingSession& session) {
  std::vector<at::Tensor> parameters;
  for (const Parameter& parameter : session.parameters()) parameters.push_back(parameter.tensor);
  return joined(parameters);
}

Trained train(const RankedCase& ranked, ProcessGroup* group) {
  const TrialSpec spec = spec_of(ranked);
  const std::unique_ptr<Device> device = open_device("cpu");
  Watchdog watchdog(600, nullptr, [](const char*, double) {});
  TrainingSession session(spec, *device, watchdog, group);
  std::vector<double> metrics;
  for (const auto& [name, value] : session.evaluate()) metrics.push_back(value);
  StepSurroundings surroundings;
  for (int step = 0; step < kSteps; ++step) session.advance(surroundings);
  session.require_same_parameters_on_all_ranks();
  std::vector<at::Tensor> buffers;
  for (const auto& [name, tensor] : session.snapshot().tensors) {
    if (name.starts_with("buffer/")) buffers.push_back(tensor);
  }
  return {at::tensor(metrics, at::kDouble), joined_parameters(session), joined(buffers)};
}

class TrainingOverRanks : public ::testing::TestWithParam<RankedCase> {
 protected:
  TemporaryFolder folder_;
};

double distance(const at::Tensor& a, const at::Tensor& b) {
  return ((a - b).norm() / b.norm().clamp_min(1e-12)).item<double>();
}

TEST_P(TrainingOverRanks, IsThatOfOneRankWithTheWholeBatch) {
  const RankedCase& ranked = GetParam();
  SKIP_WITHOUT_MINI_DATA(ranked.data_set);
  const std::string file = (folder_.path() / "one").string();
  run_ranks(1, folder_.path(), [&](ProcessGroup&) {
    const Trained one = train(ranked, nullptr);
    at::Tensor initial = joined({one.metrics_before, one.parameters, one.buffers});
    std::ofstream(file, std::ios::binary)
        .write(static_cast<const char*>(initial.const_data_ptr()),
               static_cast<std::streamsize>(initial.nbytes()));
  });
  for (const int64_t ranks : {2, 3}) {
    run_ranks(ranks, folder_.path(), [&](ProcessGroup& group) {
      const InstalledRanks installed(group);
      const Trained found = train(ranked, &group);
      at::Tensor one = at::empty_like(joined({found.metrics_before, found.parameters, found.buffers}));
      std::ifstream(file, std::ios::binary)
          .read(static_cast<char*>(one.mutable_data_ptr()), static_cast<std::streamsize>(one.nbytes()));
      const std::vector<at::Tensor> expected = one.split_with_sizes(
          {found.metrics_before.numel(), found.parameters.numel(), found.buffers.numel()});
      EXPECT_TRUE(found.metrics_before.equal(expected[0])) << found.metrics_before << expected[0];
      EXPECT_LT(distance(found.parameters, expected[1]), 1e-5);
      EXPECT_LT(distance(found.buffers, expected[2]), 1e-5);
      for (const at::Tensor& other : group.gather(found.parameters))
        EXPECT_TRUE(other.equal(found.parameters));
    });
  }
}

// More ranks than a batch has examples.
class ThreeRanks final : public Ranks {
 public:
  int64_t rank() const override { return 0; }
  int64_t count() const override { return 3; }
  void sum(const std::vector<at::Tensor>&) override {}
  std::vector<at::Tensor> gather(const at::Tensor& values) override { return {values, values, values}; }
};

TEST(TooManyRanks, AreTheSubmissionsFailure) {
  const RankedCase ranked{"mnist", "mnist", 2, 2000};
  SKIP_WITHOUT_MINI_DATA("mnist");
  ThreeRanks three;
  const InstalledRanks installed(three);
  const TrialSpec spec = spec_of(ranked);
  const std::unique_ptr<Device> device = open_device("cpu");
  Watchdog watchdog(600, nullptr, [](const char*, double) {});
  EXPECT_THROW(TrainingSession(spec, *device, watchdog), SubmissionError);
}

class RecordedTrainingOverRanks : public ::testing::Test {
 protected:
  static constexpr int kRecordedSteps = 3 * StepGraphs::kOrdinaryUpdates;

  void SetUp() override { SKIP_WITHOUT_MINI_DATA("mnist"); }

  // Of 65 examples, so that the ranks' batches differ in shape. Leaves the parameters.
  static at::Tensor train(ProcessGroup& group, Device& device, int64_t recordings,
                          const std::string& problem) {
    TrialSpec spec = spec_of({"mnist", "mnist", 65, 2000});
    spec.submission_library = std::string(TIMETRIAL_SUBMISSION_DIR) + "/sync_free_adamw.so";
    Watchdog watchdog(600, nullptr, [](const char*, double) {});
    TrainingSession session(spec, device, watchdog, &group);
    for (int step = 0; step < kRecordedSteps; ++step) session.advance({});
    session.require_same_parameters_on_all_ranks();
    if (const StepGraphs* graphs = session.step_graphs()) {
      EXPECT_EQ(graphs->recordings(), recordings);
      EXPECT_THAT(graphs->problem(), testing::HasSubstr(problem));
    }
    return joined_parameters(session);
  }

  TemporaryFolder folder_;
};

TEST_F(RecordedTrainingOverRanks, EndsAtTheParametersOfOrdinaryUpdates) {
  run_ranks(2, folder_.path(), [](ProcessGroup& group) {
    const InstalledRanks installed(group);
    RecordingDevice recording;
    const at::Tensor recorded = train(group, recording, 1, "");
    const std::unique_ptr<Device> cpu = open_device("cpu");
    EXPECT_TRUE(recorded.equal(train(group, *cpu, 0, "")));
  });
}

TEST_F(RecordedTrainingOverRanks, IsOrdinaryOnAllWhereOneCannotRecord) {
  run_ranks(2, folder_.path(), [](ProcessGroup& group) {
    const InstalledRanks installed(group);
    RecordingDevice recording;
    if (group.rank() == 1) recording.refusal = "too old";
    const at::Tensor refused = train(group, recording, 0, group.rank() == 1 ? "too old" : "another rank");
    const std::unique_ptr<Device> cpu = open_device("cpu");
    EXPECT_TRUE(refused.equal(train(group, *cpu, 0, "")));
  });
}

INSTANTIATE_TEST_SUITE_P(
    Workloads, TrainingOverRanks,
    ::testing::Values(RankedCase{"mnist", "mnist", 65, 2000}, RankedCase{"cifar", "cifar", 20, 1000},
                      RankedCase{"criteo1tb", "criteo1tb", 500, 4096},
                      RankedCase{"fastmri", "fastmri", 4, 16}, RankedCase{"ogbg", "ogbg", 20, 128},
                      RankedCase{"wmt", "wmt", 6, 16}, RankedCase{"finewebedu_lm", "finewebedu_lm", 4, 8},
                      RankedCase{"imagenet_resnet", "imagenet", 12, 64},
                      RankedCase{"imagenet_vit", "imagenet", 12, 64},
                      RankedCase{"librispeech_conformer", "librispeech", 6, 32},
                      RankedCase{"librispeech_deepspeech", "librispeech", 6, 32},
                      RankedCase{"graph_optimizer", "graph_optimizer", 6, 1},
                      RankedCase{"tpugraphs_layout", "tpugraphs_layout", 6, 50},
                      RankedCase{"tpugraphs_tile", "tpugraphs_tile", 6, 100}),
    [](const auto& test) { return std::string(test.param.workload); });

}  // namespace
}  // namespace timetrial
