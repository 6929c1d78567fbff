#include <numeric>

#include <torch/torch.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "mini_data.h"
#include "short_training.h"
#include "speech_files.h"
#include "workloads/librispeech/speech_batch.h"
#include "workloads/preparation.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

using testing::HasSubstr;

const std::vector<std::string> kWorkloads = {"librispeech_conformer", "librispeech_deepspeech"};
constexpr int64_t kUtterances = 12;  // of every subset
constexpr int64_t kSamples = 40000;  // and more: enough frames for every transcript

// Text alone, from which more pieces can be trained than from so few utterances.
void write_made_up_text(const std::filesystem::path& data_set) {
  constexpr int64_t kTexts = 400;
  const auto folder = data_set / "train-clean-100/9/1";
  std::filesystem::create_directories(folder);
  std::ofstream texts(folder / "9-1.trans.txt");
  for (int64_t i = 0; i < kTexts; ++i) {
    texts << "9-1-" << 1000 + i << " " << made_up_transcript(1000 + i) << "\n";
  }
}

WorkloadOptions made_up_options(const TemporaryFolder& folder) {
  const auto data_set = folder.path() / "librispeech/mini";
  write_made_up_text(data_set);
  write_made_up_librispeech(data_set, kUtterances, kSamples, kMiniSpeechPieces);
  write_manifest(data_set,
                 {"made-up",
                  "made up",
                  {{"train", 3 * kUtterances}, {"validation", 2 * kUtterances}, {"test", kUtterances}}});
  WorkloadOptions options;
  options.tier = Tier::mini;
  options.data_directory = folder.path();
  return options;
}

TEST(SpeechWorkloads, TrainingIsBitExactWhateverTheLoaderThreadsAndAcrossAResume) {
  TemporaryFolder folder;
  const WorkloadOptions options = made_up_options(folder);
  for (const std::string& name : kWorkloads) {
    SCOPED_TRACE(name);
    torch::manual_seed(1);
    const auto straight = short_training(name, options, 1, -1);
    torch::manual_seed(1);
    const auto resumed = short_training(name, options, 3, 5);
    expect_same_training(*straight, *resumed);
    EXPECT_EQ(straight->data_set_id(), "made-up");
  }
}

TEST(SpeechWorkloads, EvaluationCountsEveryUtteranceWhateverBatchSizeAndThreads) {
  TemporaryFolder folder;
  const WorkloadOptions options = made_up_options(folder);
  for (const std::string& name : kWorkloads) {
    for (const Split split : {Split::train_evaluation, Split::validation, Split::test}) {
      std::vector<Metrics> found;
      for (const auto& [batch, threads] : {std::pair<int64_t, int>{0, 1}, {7, 3}, {1, 1}}) {
        WorkloadOptions other = options;
        other.evaluation_batch_size = batch;
        other.loader_threads = threads;
        const auto workload = make_workload(name, other);
        workload->build_model(1);
        found.push_back(workload->evaluate(split));
      }
      for (const Metrics& metrics : found) {
        EXPECT_NEAR(metrics.at("loss"), found[0].at("loss"), 1e-5) << name << " " << to_string(split);
        EXPECT_NEAR(metrics.at("wer"), found[0].at("wer"), 0.02) << name << " " << to_string(split);
      }
    }
  }
}

TEST(SpeechWorkloads, MissingDataNamesTheCommand) {
  TemporaryFolder folder;
  for (const std::string& name : kWorkloads) {
    WorkloadOptions options;
    options.tier = Tier::mini;
    options.data_directory = folder.path();
    const auto workload = make_workload(name, options);
    workload->build_model(1);
    const std::string command = "timetrial prepare " + name + " --tier mini";
    EXPECT_THAT(user_error_of([&] { workload->training_data(8, 1); }), HasSubstr(command));
    EXPECT_THAT(user_error_of([&] { workload->evaluate(Split::test); }), HasSubstr(command));
  }
}

TEST(SpeechWorkloads, MasksAndDropoutActInTrainingOnly) {
  TemporaryFolder folder;
  const WorkloadOptions options = made_up_options(folder);
  for (const std::string& name : kWorkloads) {
    const auto workload = make_workload(name, options);
    workload->build_model(1);
    const Batch batch = workload->training_data(4, 1)->next_task()();
    Batch bare = batch;
    bare.tensors.erase("mask_draws");
    const auto logits = [&](const Batch& from, ForwardMode mode, double rate) {
      return workload->forward(from, {mode, false, rate});
    };
    EXPECT_FALSE(at::equal(logits(batch, ForwardMode::train, 0), logits(bare, ForwardMode::train, 0)));
    EXPECT_TRUE(at::equal(logits(batch, ForwardMode::train, 0), logits(batch, ForwardMode::train, 0)));
    EXPECT_TRUE(at::equal(logits(batch, ForwardMode::evaluate, 0), logits(bare, ForwardMode::evaluate, 0)));
    EXPECT_FALSE(at::equal(logits(bare, ForwardMode::train, 0.5), logits(bare, ForwardMode::train, 0)));
    EXPECT_TRUE(at::equal(logits(bare, ForwardMode::evaluate, 0.5), logits(bare, ForwardMode::evaluate, 0)));
  }
}

TEST(SpeechBatch, HoldsAudioPaddingsAndTokens) {
  TemporaryFolder folder;
  made_up_options(folder);
  const auto data_set = folder.path() / "librispeech/mini";
  const SentencePieceModel tokenizer(speech_tokenizer_file(data_set), kMiniSpeechPieces);
  const UtteranceSplit split = read_utterances(data_set, SpeechSplit::validation, tokenizer);
  const std::vector<uint32_t> chosen = {3, 0};
  for (const BatchLength length : {BatchLength::longest_utterance, BatchLength::full}) {
    const Batch batch = speech_batch(split.utterances, chosen.data(), 2, {length, false});
    EXPECT_EQ(batch.at("inputs").size(1), batch_samples(kSamples + 3 * 160, length));
    EXPECT_EQ(batch.examples, 2);
    for (int64_t i = 0; i < 2; ++i) {
      const Utterance& utterance = split.utterances[chosen[static_cast<size_t>(i)]];
      const std::vector<float> audio = read_flac(utterance.flac);
      EXPECT_TRUE(at::equal(batch.at("inputs")[i].narrow(0, 0, utterance.samples), torch::tensor(audio)));
      EXPECT_EQ(batch.at("inputs")[i].slice(0, utterance.samples).abs().sum().item<double>(), 0);
      EXPECT_EQ((1 - batch.at("input_paddings")[i]).sum().item<int64_t>(), utterance.samples);
      EXPECT_EQ(batch.at("input_paddings")[i][utterance.samples - 1].item<double>(), 0);
      const auto tokens = static_cast<int64_t>(utterance.tokens.size());
      EXPECT_TRUE(at::equal(batch.at("targets")[i].narrow(0, 0, tokens).to(at::kInt),
                            torch::tensor(utterance.tokens, at::kInt)));
      EXPECT_EQ((1 - batch.at("target_paddings")[i]).sum().item<int64_t>(), tokens);
    }
  }
}

TEST(SpeechBatch, EndsAfterItsLongestUtteranceOrAtTwentySeconds) {
  EXPECT_EQ(batch_samples(1000, BatchLength::full), 320000);
  for (const int64_t longest : {1, 160, 161, 9000, 16000, 100000, 319000, 320000}) {
    const int64_t samples = batch_samples(longest, BatchLength::longest_utterance);
    EXPECT_GE(samples, longest);
    EXPECT_LE(samples, 320000);
    EXPECT_LE(samples, std::max<int64_t>(longest + 160 * 6 + 401, 0));
    const int64_t frames = (samples - 401) / 160 + 1;
    EXPECT_EQ(frames % 4, 1998 % 4);
  }
}

TEST(SpeechBatch, OrderAndMasksFollowSeedAndPosition) {
  TemporaryFolder folder;
  const WorkloadOptions options = made_up_options(folder);
  const auto workload = make_workload(kWorkloads.front(), options);
  const auto source = workload->training_data(6, 3);
  const Batch first = source->next_task()();
  const DataPosition position = source->position();
  const Batch second = source->next_task()();
  const auto again = workload->training_data(6, 3);
  again->seek(position);
  const Batch repeated = again->next_task()();
  for (const auto& [name, tensor] : second.tensors) EXPECT_TRUE(at::equal(tensor, repeated.at(name))) << name;
  EXPECT_FALSE(at::equal(first.at("mask_draws"), second.at("mask_draws")));
  const Batch other = workload->training_data(6, 4)->next_task()();
  EXPECT_FALSE(at::equal(first.at("mask_draws"), other.at("mask_draws")));
}

TEST(SpeechBatch, ARecordingThatChangedIsRefused) {
  TemporaryFolder folder;
  const WorkloadOptions options = made_up_options(folder);
  const auto workload = make_workload(kWorkloads.front(), options);
  const auto source = workload->training_data(36, 1);
  const auto changed = folder.path() / "librispeech/mini/train-clean-100/11/1/11-1-0003.flac";
  write_flac(changed, made_up_speech(5000, 1));
  EXPECT_THAT(user_error_of([&] { source->next_task()(); }), HasSubstr("11-1-0003.flac"));
}

TEST(SpeechMini, ShortTrainingLowersTheLoss) {
  SKIP_WITHOUT_MINI_DATA("librispeech");
  for (const std::string& name : kWorkloads) {
    WorkloadOptions options;
    options.tier = Tier::mini;
    options.data_directory = mini_data_directory("librispeech");
    const auto workload = make_workload(name, options);
    workload->build_model(1);
    const double before = workload->evaluate(Split::validation).at("loss");
    torch::optim::AdamW optimizer(workload->model().parameters(), torch::optim::AdamWOptions(2e-3));
    const auto source = workload->training_data(16, 1);
    for (int i = 0; i < 40; ++i) {
      const Batch batch = source->next_task()();
      optimizer.zero_grad();
      workload->loss(batch, workload->forward(batch, {}), {}).mean().backward();
      optimizer.step();
    }
    EXPECT_LT(workload->evaluate(Split::validation).at("loss"), 0.7 * before) << name;
  }
}

}  // namespace
}  // namespace timetrial
