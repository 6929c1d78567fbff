#include "full_data_sets.h"

#include <algorithm>

#include <unistd.h>

#include "cifar_files.h"
#include "criteo_rows.h"
#include "fastmri_files.h"
#include "image_files.h"
#include "ogbg_files.h"
#include "speech_files.h"
#include "token_files.h"
#include "wmt_files.h"
#include "workloads/computation_graph/node_features.h"
#include "workloads/computation_graph/tile_configuration.h"
#include "workloads/criteo1tb/day_files.h"
#include "workloads/data/example_random.h"
#include "workloads/data/whole_file.h"
#include "workloads/imagenet/imagenet_preparation.h"
#include "workloads/mnist/mnist_data.h"
#include "workloads/npz/npz_writer.h"
#include "workloads/preparation.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

void write_made_up_manifest(const fs::path& data_set, int64_t train, int64_t held_out) {
  write_manifest(data_set,
                 {"made-up", "made up", {{"train", train}, {"validation", held_out}, {"test", held_out}}});
}

void write_criteo(const fs::path& data_set) {
  constexpr int kRows = 8192;
  write_whole_file(data_set / day_file_name(0, 0), criteo_rows(0, kRows));
  for (int part = 0; part <= kCriteoTestFiles; ++part) {
    write_whole_file(data_set / day_file_name(kCriteoHeldOutDay, part), criteo_rows(0, 1));
  }
  write_made_up_manifest(data_set, kRows, 1);
}

// Volumes of the size of the official ones, one of them under the names of all that are held out.
void write_knees(const fs::path& data_set) {
  constexpr VolumeShape kShape = {8, 640, 368, 320};
  constexpr int64_t kHeldOutFiles = 101;
  write_knee_folders(data_set, 2, 1, kShape);
  const fs::path held_out = data_set / kHeldOutFolder;
  const fs::path volume = fs::directory_iterator(held_out)->path();
  for (int64_t i = 1; i < kHeldOutFiles; ++i) {
    fs::create_hard_link(volume, held_out / volume_name(100 + i));
  }
  write_made_up_manifest(data_set, 2 * kShape.slices, kHeldOutFiles * kShape.slices);
}

// One photograph of ImageNet's usual size under the names of all.
void write_imagenet(const fs::path& data_set) {
  constexpr int kClasses = 1000;
  const fs::path photo = data_set / "photo.JPEG";
  write_whole_file(photo, encode_jpeg(photo_like_image(500, 375), 95));
  for (int label = 0; label < kClasses; ++label) {
    for (const fs::path& folder : {data_set / "train" / std::to_string(10000 + label),
                                   data_set / "val" / std::to_string(10000 + label),
                                   data_set / "imagenet_v2" / std::to_string(label)}) {
      fs::create_directories(folder);
      fs::create_hard_link(photo, folder / "photo.JPEG");
    }
  }
  index_imagenet(data_set, {kClasses, kClasses, kClasses, kClasses}, "made-up", "made-up pictures",
                 [](const std::string&, int64_t, int64_t) {});
}

void write_cifar(const fs::path& data_set) {
  constexpr int kPerFile = 2000;
  int file = 0;
  for (const auto& name : cifar_file_names()) {
    write_whole_file(data_set / name, made_up_cifar_records(kPerFile, file++));
  }
  write_made_up_manifest(data_set, 4 * kPerFile, kPerFile);
}

void write_molecules(const fs::path& data_set) {
  constexpr int kMolecules = 640;
  constexpr int kTasks = 128;
  write_ogbg_files(data_set, synthetic_ogbg_files(kMolecules, kTasks, 1));
  write_made_up_manifest(data_set, kMolecules * 8 / 10, kMolecules / 10);
}

// Pairs of WMT17's usual length, already tokenized; without a vocabulary, which training does not read.
void write_sentences(const fs::path& data_set) {
  constexpr uint32_t kPairs = 4000;
  const TextLimits limits = text_limits(false);
  TokenizedPairs pairs(limits.pieces, limits.longest);
  for (uint32_t i = 0; i < kPairs; ++i) {
    pairs.add(made_up_tokens(2 * i, limits.pieces), made_up_tokens(2 * i + 1, limits.pieces));
  }
  for (const char* text : {kTrainingText, kValidationText, kTestText}) {
    write_whole_file(data_set / (std::string(text) + kPairsSuffix), pairs.bytes());
  }
  write_made_up_manifest(data_set, kPairs, kPairs);
}

void write_token_files(const fs::path& data_set) {
  TokenSplits splits = kFullTokenSplits;
  splits.train_runs = 512;
  splits.validation_runs = 8;
  write_made_up_tokens(data_set, splits);
}

// IDX: magic 0 0 8 rank, big-endian sizes, values.
void write_idx(const fs::path& file, const std::vector<uint32_t>& sizes) {
  std::string bytes = {0, 0, 8, static_cast<char>(sizes.size())};
  size_t count = 1;
  for (const uint32_t size : sizes) {
    for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(size >> shift);
    count *= size;
  }
  const size_t header = bytes.size();
  bytes.resize(header + count);
  for (size_t i = 0; i < count; ++i) bytes[header + i] = static_cast<char>(i % kMnistClasses);
  write_whole_file(file, bytes);
}

void write_digits(const fs::path& data_set) {
  constexpr uint32_t kImages = 20000;
  constexpr auto kSide = static_cast<uint32_t>(kMnistSide);
  const auto& names = mnist_file_names();
  for (const size_t images : {0U, 2U}) {
    write_idx(data_set / names[images], {kImages, kSide, kSide});
    write_idx(data_set / names[images + 1], {kImages});
  }
  write_made_up_manifest(data_set, kImages - kMnistValidationImages, kMnistValidationImages);
}

// Recordings of 10 s, and beside them more text, of which a vocabulary of the official size can be trained.
void write_speech(const fs::path& data_set) {
  constexpr int64_t kUtterances = 4;
  constexpr int64_t kSamples = 160000;
  constexpr int kTexts = 3000;
  constexpr int kLetters = 26;
  std::string texts;
  ExampleRandom random(1, 0, 0);
  for (int i = 0; i < kTexts; ++i) {
    texts += "9-1-" + std::to_string(i);
    for (int word = 0; word < 10; ++word) {
      texts += ' ';
      for (int letter = 2 + random.below(5); letter > 0; --letter) {
        texts += static_cast<char>('A' + random.below(kLetters));
      }
    }
    texts += '\n';
  }
  fs::create_directories(data_set / "train-clean-100/9/1");
  write_whole_file(data_set / "train-clean-100/9/1/9-1.trans.txt", texts);
  write_made_up_librispeech(data_set, kUtterances, kSamples, kSpeechPieces);
  write_made_up_manifest(data_set, 3 * kUtterances, kUtterances);
}

// Kernels as large as those of the official collection are on average: 40 nodes, 1,842 configurations.
void write_kernels(const fs::path& data_set) {
  constexpr int64_t kNodes = 40, kConfigurations = 1842, kKernels = 12;
  const std::vector<uint8_t> opcodes(kNodes, 2);
  std::vector<int64_t> edges, times;
  for (int64_t node = 1; node < kNodes; ++node) edges.insert(edges.end(), {node, node - 1, node, node / 2});
  for (int64_t i = 0; i < kConfigurations; ++i) times.push_back(1000 + (i * 7919) % 5000);
  for (const char* split : {"train", "valid", "test"}) {
    for (int64_t kernel = 0; kernel < kKernels; ++kernel) {
      NpzWriter writer(data_set / split / (std::to_string(kernel) + ".npz"), ZipMethod::stored);
      writer.add("node_feat", {kNodes, kNodeFeatures}, std::vector<float>(kNodes * kNodeFeatures, 1));
      writer.add("node_opcode", {kNodes}, opcodes);
      writer.add("edge_index", {std::ssize(edges) / 2, 2}, edges);
      writer.add("config_feat", {kConfigurations, int64_t{kTileFeatures}},
                 std::vector<float>(kConfigurations * kTileFeatures, 1));
      writer.add("config_runtime", {kConfigurations}, times);
      writer.add("config_runtime_normalizers", {kConfigurations}, times);
      writer.finish();
    }
  }
  write_made_up_manifest(data_set, kKernels, kKernels);
}

}  // namespace

const std::vector<FullDataSet>& full_data_sets() {
  static const std::vector<FullDataSet> all = {
      {"criteo1tb", "criteo1tb", 1024, write_criteo},
      {"fastmri", "fastmri", 2, write_knees},
      {"finewebedu_lm", "finewebedu_lm", 1, write_token_files},
      {"imagenet_resnet", "imagenet", 8, write_imagenet},
      {"imagenet_vit", "imagenet", 8, write_imagenet},
      {"librispeech_conformer", "librispeech", 2, write_speech},
      {"librispeech_deepspeech", "librispeech", 2, write_speech},
      {"ogbg", "ogbg", 64, write_molecules},
      {"tpugraphs_tile", "tpugraphs_tile", 10, write_kernels},
      {"wmt", "wmt", 1, write_sentences},
      {"cifar", "cifar", 64, write_cifar},
      {"mnist", "mnist", 128, write_digits},
  };
  return all;
}

MadeUpDataSet::MadeUpDataSet(const FullDataSet& data_set)
    : directory_(fs::temp_directory_path() / ("timetrial-made-up-" + std::to_string(::getpid()))) {
  fs::remove_all(directory_);
  data_set.write(directory_ / data_set.folder / "full");
}

MadeUpDataSet::~MadeUpDataSet() {
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

}  // namespace timetrial
