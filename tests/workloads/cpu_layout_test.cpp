// The graphs of the layout collection: they compute the same whatever the layouts; what is written of them.

#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <torch/torch.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "workloads/tpugraphs_layout/cpu_layout/layout_choices.h"
#include "workloads/tpugraphs_layout/cpu_layout/layout_collection.h"
#include "workloads/tpugraphs_layout/cpu_layout/layout_replay.h"
#include "workloads/tpugraphs_layout/cpu_layout/measured_layouts.h"
#include "workloads/tpugraphs_layout/cpu_layout/network_blocks.h"
#include "workloads/tpugraphs_layout/layout_manifest.h"
#include "workloads/tpugraphs_layout/layout_programs.h"

namespace timetrial {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::SizeIs;

TEST(InOrder, PutsTheNamedDimensionsIntoMemoryFromMajorToMinor) {
  const at::Tensor values = torch::arange(24).view({2, 3, 4});
  const at::Tensor ordered = in_order(values, {{1, 2, 0}, {2, 0, 1}});
  EXPECT_TRUE(at::equal(ordered, values));
  EXPECT_EQ(ordered.strides(), at::IntArrayRef({1, 8, 2}));
  EXPECT_EQ(in_order(ordered, {{1, 2, 0}, {2, 0, 1}}).const_data_ptr(), ordered.const_data_ptr())
      << "no copy where it lies so already";
}

// One of every kind. So little work is not worth a second thread.
std::vector<LayoutGraph> small_graphs() {
  at::set_num_threads(1);
  std::vector<LayoutGraph> graphs;
  graphs.push_back(residual_network({2, 4, 5, 2}));
  graphs.push_back(residual_gradient({2, 4, 5, 2}));
  graphs.push_back(separable_network({2, 4, 6, 2}));
  graphs.push_back(attention_network({2, 5, 8, 1}));
  graphs.push_back(perceptron_network({2, 5, 8, 2}));
  graphs.push_back(perceptron_gradient({2, 5, 8, 2}));
  return graphs;
}

TEST(LayoutReplay, ComputesTheSameWithEveryConfiguration) {
  for (const LayoutGraph& graph : small_graphs()) {
    LayoutReplay replay(graph);
    at::Tensor expected;
    for (const GraphLayouts& configuration : layout_choices(graph, 30, 1)) {
      const at::Tensor output = replay.run(layout_plan(graph, configuration));
      if (!expected.defined()) expected = output;
      EXPECT_TRUE(at::isfinite(output).all().item<bool>()) << graph.name;
      EXPECT_GT(output.abs().max().item<float>(), 0) << graph.name;
      EXPECT_TRUE(at::allclose(output, expected, 1e-3, 1e-5)) << graph.name;
    }
  }
}

TEST(LayoutReplay, HasTheGradientOfItsNetwork) {
  // The network's last value is its gradient there: of half the sum of squares.
  const LayoutGraph forward = residual_network({2, 4, 5, 2});
  const LayoutGraph both = residual_gradient({2, 4, 5, 2});
  const auto default_of = [](const LayoutGraph& graph) {
    return layout_plan(graph, GraphLayouts(graph.configurable.size(), default_layout_configuration()));
  };
  const at::Tensor gradient = LayoutReplay(both).run(default_of(both));
  constexpr float kStep = 1e-2F;
  for (const int64_t place : {0, 17, 101}) {
    LayoutGraph moved = forward;
    const auto loss_at = [&](float by) {
      moved.values[0] = forward.values[0].clone();
      moved.values[0].flatten()[place] += by;
      return 0.5 * LayoutReplay(moved).run(default_of(moved)).square().sum().item<double>();
    };
    const double slope = (loss_at(kStep) - loss_at(-kStep)) / (2 * kStep);
    EXPECT_NEAR(gradient.flatten()[place].item<double>(), slope, 2e-2 * std::abs(slope) + 2e-3);
  }
}

TEST(LayoutPlan, RefusesWhatIsNoOrder) {
  const LayoutGraph graph = perceptron_network({2, 5, 8, 2});
  GraphLayouts layouts(graph.configurable.size(), default_layout_configuration());
  layouts[0][0] = 1;  // and nothing behind it
  EXPECT_THROW(layout_plan(graph, layouts), std::logic_error);
  layouts[0] = layout_configuration(std::vector<int64_t>{0, 1, 1}, {}, {});
  EXPECT_THROW(layout_plan(graph, layouts), std::logic_error);
  layouts.pop_back();
  EXPECT_THROW(layout_plan(graph, layouts), std::logic_error);
}

TEST(LayoutChoices, StartWithTheDefaultStayNearItAndThenLeaveIt) {
  const LayoutGraph graph = residual_network({2, 4, 5, 3});
  const auto choices = layout_choices(graph, 100, 3);
  EXPECT_THAT(choices, SizeIs(100));
  EXPECT_EQ(std::set(choices.begin(), choices.end()).size(), 100U);
  const auto changes = [](const GraphLayouts& layouts) {
    return std::count_if(layouts.begin(), layouts.end(),
                         [](const auto& node) { return node != default_layout_configuration(); });
  };
  EXPECT_EQ(changes(choices[0]), 0);
  for (size_t i = 1; i < 50; ++i) EXPECT_THAT(changes(choices[i]), AllOf(Ge(1), Le(3)));
  EXPECT_TRUE(std::any_of(choices.begin() + 50, choices.end(),
                          [&](const GraphLayouts& layouts) { return changes(layouts) > 8; }));
  EXPECT_EQ(layout_choices(graph, 100, 3), choices);
  EXPECT_NE(layout_choices(graph, 100, 4), choices);
}

TEST(LayoutCollection, HasEveryKindOfNetworkInEverySplit) {
  std::map<std::string, int> graphs;
  std::map<std::string, std::set<std::string>> kinds;
  std::set<std::string> names;
  at::set_num_threads(1);
  for (const CollectedGraph& collected : layout_collection()) {
    const LayoutGraph graph = collected.make();
    ++graphs[collected.split];
    kinds[collected.split].insert(graph.name.substr(0, graph.name.find_first_of("0123456789")));
    names.insert(graph.name);
    EXPECT_THAT(graph.graph.nodes.size(), AllOf(Ge(30U), Le(400U))) << graph.name;
    EXPECT_THAT(graph.configurable.size(), AllOf(Ge(6U), Le(20U))) << graph.name;
    EXPECT_TRUE(std::is_sorted(graph.configurable.begin(), graph.configurable.end())) << graph.name;
  }
  EXPECT_EQ(names.size(), 40U);
  EXPECT_EQ(graphs, (std::map<std::string, int>{{"train", 28}, {"valid", 6}, {"test", 6}}));
  for (const auto& [split, all] : kinds) EXPECT_EQ(all.size(), 6U) << split;
}

using MeasuredLayouts = FolderTest;

std::vector<CollectedGraph> small_collection() {
  return {{"train",
           [] {
             return residual_network({1, 4, 5, 2});
           }},
          {"train",
           [] {
             return perceptron_network({1, 5, 8, 2});
           }},
          {"valid",
           [] {
             return attention_network({1, 5, 8, 1});
           }},
          {"test", [] {
             return separable_network({1, 4, 5, 2});
           }}};
}

TEST_F(MeasuredLayouts, AreADataSet) {
  MeasuredLayoutsOptions options;
  options.configurations = 8;
  options.rounds = 2;
  options.least_tau = -1;  // so little work is noise alone
  measure_layouts(small_collection(), folder_, options);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "provenance.json"));
  const LayoutPrograms read = read_layout_programs(folder_, LayoutSplits::all, /*has_test=*/true);
  ASSERT_EQ(read.train.size(), 2U);
  EXPECT_EQ(read.validation.size(), 1U);
  EXPECT_EQ(read.test.size(), 1U);
  const LayoutGraph graph = residual_network({1, 4, 5, 2});
  const MeasuredProgram& program = read.train[1];
  EXPECT_EQ(program.name, graph.name);
  EXPECT_EQ(program.graph.nodes(), std::ssize(graph.graph.nodes));
  EXPECT_EQ(program.configurable, graph.configurable);
  EXPECT_EQ(program.configuration_count(), 8);
  EXPECT_GE(program.resolution, 0.03);
  EXPECT_THAT(program.splits, ElementsAre(0));
  const auto choices = layout_choices(graph, 8, options.seed);
  for (size_t c = 0; c < choices.size(); ++c) {
    for (size_t n = 0; n < choices[c].size(); ++n) {
      const auto row = program.layouts.begin() +
                       static_cast<std::ptrdiff_t>((c * choices[c].size() + n) * kLayoutConfigurationValues);
      EXPECT_TRUE(std::equal(choices[c][n].begin(), choices[c][n].end(), row));
    }
  }
  EXPECT_THAT(measured_layout_manifest(folder_).id, HasSubstr("cpu-layout-"));
}

TEST_F(MeasuredLayouts, OfNoiseAreNone) {
  MeasuredLayoutsOptions options;
  options.configurations = 4;
  options.rounds = 2;
  options.least_tau = 1.1;
  EXPECT_THAT(user_error_of([&] { measure_layouts(small_collection(), folder_, options); }),
              HasSubstr("could be timed well enough"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "provenance.json"));
}

}  // namespace
}  // namespace timetrial
