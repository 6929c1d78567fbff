// fastMRI's own work beside the model: structural similarity next to scikit-image's (where `python3`, or the
// program that TIMETRIAL_PYTHON names, has it), and slices per second from files of the official shape to
// training batches.

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include "fastmri_files.h"
#include "workloads/data/prefetching_loader.h"
#include "workloads/fastmri/slice_source.h"
#include "workloads/metrics/ssim.h"

namespace timetrial {
namespace {

constexpr VolumeShape kOfficial = {16, 640, 368, 320};

void similarity(benchmark::State& state) {
  const VolumeContents images = made_up_volume({2, 1, 1, 320}, 1);
  const SsimImages pair{images.image.data(), images.image.data() + 320 * 320, 320, 320};
  for (auto _ : state) benchmark::DoNotOptimize(structural_similarity(pair));
  state.counters["images/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

// Runs ssim_scikit_image.py, which prints the seconds an image takes.
void similarity_of_scikit_image(benchmark::State& state) {
  const char* python = std::getenv("TIMETRIAL_PYTHON");
  const std::string command = std::string(python != nullptr ? python : "python3") +
                              " " TIMETRIAL_SOURCE_DIR "/tests/workloads/ssim_scikit_image.py 2>/dev/null";
  for (auto _ : state) {
    FILE* output = popen(command.c_str(), "r");
    std::array<char, 64> line{};
    const bool answered = output != nullptr && std::fgets(line.data(), line.size(), output) != nullptr;
    const double seconds = answered ? std::atof(line.data()) : 0;
    if (output == nullptr || pclose(output) != 0 || seconds <= 0) {
      state.SkipWithError(
          "no scikit-image: `pip install scikit-image`, and name that python in TIMETRIAL_PYTHON");
      return;
    }
    state.SetIterationTime(seconds);
    state.counters["images/s"] = 1 / seconds;
  }
}

// Nothing is kept in memory: every slice is read, transformed and normalised, as in the full tier.
void slices(benchmark::State& state) {
  const auto file = std::filesystem::temp_directory_path() / "timetrial-bench-fastmri.h5";
  write_volume(file, made_up_volume(kOfficial, 1));
  const auto store =
      std::make_shared<const SliceStore>(open_volumes({file}, kOfficial.side), MaskSeeds{1, true}, 0);
  {
    PrefetchingLoader loader(slice_training(store, 4, 1), static_cast<int>(state.range(0)), 4);
    loader.next();
    for (auto _ : state) benchmark::DoNotOptimize(loader.next());
  }
  state.counters["slices/s"] =
      benchmark::Counter(static_cast<double>(4 * state.iterations()), benchmark::Counter::kIsRate);
  std::filesystem::remove(file);
}

BENCHMARK(similarity)->Unit(benchmark::kMillisecond);
BENCHMARK(similarity_of_scikit_image)->Unit(benchmark::kMillisecond)->UseManualTime()->Iterations(1);
BENCHMARK(slices)->ArgName("loader_threads")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace timetrial
