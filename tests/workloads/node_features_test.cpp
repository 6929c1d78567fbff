// Expected values are written out from the index table of TpuGraphs' README by hand, with plain numbers for
// the indices, so that neither the constants nor the code under test is believed.

#include "workloads/computation_graph/node_features.h"

#include <functional>
#include <map>

#include <gmock/gmock.h>

#include "workloads/computation_graph/layout_configuration.h"
#include "workloads/computation_graph/tile_configuration.h"

namespace timetrial {
namespace {

// Products of empty lists: window size, stride, padding low, high, dilation, base dilation; slice start,
// stride, limit; dynamic slice sizes; edge padding low, high.
const std::vector<int> kProductsOfAttributes = {44, 52, 60, 68, 76, 84, 112, 116, 120, 124, 128, 132};

// All 140 values: those that are named, the products of lists that are not named, which are empty, and zeros.
NodeFeatures expected(const std::map<int, float>& named) {
  NodeFeatures all{};
  all[28] = 1;  // no dimensions: a scalar
  for (const int index : kProductsOfAttributes) all[static_cast<size_t>(index)] = 1;
  for (const auto& [index, value] : named) all[static_cast<size_t>(index)] = value;
  return all;
}

void expect_features(const GraphNode& node, const std::map<int, float>& named) {
  const NodeFeatures features = node_features(node);
  const NodeFeatures wanted = expected(named);
  for (size_t i = 0; i < features.size(); ++i) EXPECT_EQ(features[i], wanted[i]) << "feature " << i;
}

GraphNode scalar_node(ElementType type = ElementType::f32) {
  GraphNode node;
  node.opcode = Opcode::add;
  node.output = row_major(type, {});
  return node;
}

TEST(NodeFeatures, AScalarHasTheProductOneAndAllEmptyListsTheirs) {
  expect_features(scalar_node(), {{13, 1}, {27, 0}, {28, 1}});
}

TEST(NodeFeatures, RootFlagIsTheFirstAndTheSecondIsAlwaysZero) {
  GraphNode node = scalar_node();
  node.is_root = true;
  expect_features(node, {{0, 1}, {1, 0}, {13, 1}});
}

TEST(NodeFeatures, EveryElementTypeHasItsPlace) {
  const std::vector<std::pair<ElementType, int>> places = {
      {ElementType::invalid, 2}, {ElementType::pred, 3},    {ElementType::s8, 4},    {ElementType::s16, 5},
      {ElementType::s32, 6},     {ElementType::s64, 7},     {ElementType::u8, 8},    {ElementType::u16, 9},
      {ElementType::u32, 10},    {ElementType::u64, 11},    {ElementType::f16, 12},  {ElementType::f32, 13},
      {ElementType::f64, 14},    {ElementType::bf16, 15},   {ElementType::c64, 16},  {ElementType::c128, 17},
      {ElementType::tuple, 18},  {ElementType::opaque, 19}, {ElementType::token, 20}};
  ASSERT_EQ(places.size(), 19u);
  for (const auto& [type, place] : places) expect_features(scalar_node(type), {{place, 1}});
}

TEST(NodeFeatures, ShapeKeepsSixDimensionsAndCountsAll) {
  GraphNode node = scalar_node();
  node.output = {ElementType::bf16, {2, 3, 4, 5, 6, 7, 8}, {6, 5, 4, 3, 2, 1, 0}};
  expect_features(node, {{15, 1},
                         {21, 2},
                         {22, 3},
                         {23, 4},
                         {24, 5},
                         {25, 6},
                         {26, 7},  // 8 is cut
                         {27, 35},
                         {28, 40320},
                         {134, 6},
                         {135, 5},
                         {136, 4},
                         {137, 3},
                         {138, 2},
                         {139, 1}});
}

TEST(NodeFeatures, AnEmptyTensorHasTheProductZero) {
  GraphNode node = scalar_node();
  node.output = row_major(ElementType::f32, {4, 0});
  expect_features(node, {{13, 1}, {21, 4}, {22, 0}, {27, 4}, {28, 0}, {134, 1}, {135, 0}});
}

TEST(NodeFeatures, TupleSizeAndParameterNumber) {
  GraphNode tuple = scalar_node(ElementType::tuple);
  tuple.opcode = Opcode::batch_norm_training;
  tuple.tuple_size = 3;
  expect_features(tuple, {{18, 1}, {29, 3}});
  GraphNode parameter = scalar_node();
  parameter.opcode = Opcode::parameter;
  parameter.parameter_number = 17;
  expect_features(parameter, {{13, 1}, {30, 17}});
}

TEST(NodeFeatures, DimensionsAreCutAtSixWithoutTotals) {
  GraphNode node = scalar_node();
  node.opcode = Opcode::transpose;
  node.dimensions = {6, 5, 4, 3, 2, 1, 9};
  expect_features(node, {{13, 1}, {31, 6}, {32, 5}, {33, 4}, {34, 3}, {35, 2}, {36, 1}});
}

TEST(NodeFeatures, WindowListsKeepSixAndCountAll) {
  GraphNode node = scalar_node();
  node.opcode = Opcode::reduce_window;
  for (int64_t i = 1; i <= 7; ++i) {
    node.window.push_back({.size = i,
                           .stride = i + 1,
                           .padding_low = i - 2,  // -1, 0, 1 …: a negative one and a zero
                           .padding_high = 2,
                           .window_dilation = i == 7 ? 3 : 1,
                           .base_dilation = i == 1 ? 2 : 1,
                           .reversed = i == 2 || i == 7});
  }
  expect_features(node,
                  {{13, 1}, {37, 1}, {38, 2}, {39, 3}, {40, 4},  {41, 5},   {42, 6},  {43, 28},    {44, 5040},
                   {45, 2}, {46, 3}, {47, 4}, {48, 5}, {49, 6},  {50, 7},   {51, 35}, {52, 40320}, {53, -1},
                   {54, 0}, {55, 1}, {56, 2}, {57, 3}, {58, 4},  {59, 14},  {60, 0},  {61, 2},     {62, 2},
                   {63, 2}, {64, 2}, {65, 2}, {66, 2}, {67, 14}, {68, 128}, {69, 1},  {70, 1},     {71, 1},
                   {72, 1}, {73, 1}, {74, 1}, {75, 9}, {76, 3},  // the 3 is the seventh
                   {77, 2}, {78, 1}, {79, 1}, {80, 1}, {81, 1},  {82, 1},   {83, 8},  {84, 2},     {85, 0},
                   {86, 1}, {87, 0}, {88, 0}, {89, 0}, {90, 0},  {91, 2},   {92, 5}});
}

TEST(NodeFeatures, AConvolutionsDimensionNumbersAndGroups) {
  GraphNode node = scalar_node();
  node.opcode = Opcode::convolution;
  node.output = {ElementType::f32, {8, 14, 15, 64}, {3, 0, 2, 1}};
  node.window = {{.size = 3, .stride = 2, .padding_low = 1, .padding_high = 0},
                 {.size = 5, .stride = 1, .padding_low = 2, .padding_high = 2}};
  node.convolution = ConvolutionDimensions{.input_batch = 4,
                                           .input_feature = 3,
                                           .input_spatial = {1, 2, 7, 6, 5},  // the fifth is cut
                                           .kernel_input_feature = 2,
                                           .kernel_output_feature = 9,
                                           .kernel_spatial = {8, 1},
                                           .output_batch = 5,
                                           .output_feature = 10};
  node.feature_group_count = 32;
  node.batch_group_count = 2;
  expect_features(
      node, {{13, 1},  {21, 8},   {22, 14},  {23, 15}, {24, 64}, {27, 101}, {28, 107520}, {37, 3},  {38, 5},
             {43, 8},  {44, 15},  {45, 2},   {46, 1},  {51, 3},  {52, 2},   {53, 1},      {54, 2},  {59, 3},
             {60, 2},  {61, 0},   {62, 2},   {67, 2},  {68, 0},  {69, 1},   {70, 1},      {75, 2},  {76, 1},
             {77, 1},  {78, 1},   {83, 2},   {84, 1},  {91, 0},  {92, 2},   {93, 4},      {94, 3},  {95, 1},
             {96, 2},  {97, 7},   {98, 6},   {99, 2},  {100, 9}, {101, 8},  {102, 1},     {103, 0}, {104, 0},
             {105, 5}, {106, 10}, {107, 32}, {108, 2}, {134, 3}, {135, 0},  {136, 2},     {137, 1}});
}

TEST(NodeFeatures, SlicesKeepTwoAndCountAll) {
  GraphNode node = scalar_node();
  node.opcode = Opcode::slice;
  node.slice = {{.start = 1, .stride = 2, .limit = 9},
                {.start = 0, .stride = 1, .limit = 5},
                {.start = 4, .stride = 3, .limit = 7}};
  expect_features(node, {{13, 1},
                         {109, 1},
                         {110, 0},
                         {111, 5},
                         {112, 0},
                         {113, 2},
                         {114, 1},
                         {115, 6},
                         {116, 6},
                         {117, 9},
                         {118, 5},
                         {119, 21},
                         {120, 315}});
}

TEST(NodeFeatures, DynamicSliceSizesKeepTwoAndCountAll) {
  GraphNode node = scalar_node();
  node.opcode = Opcode::dynamic_slice;
  node.dynamic_slice_sizes = {3, 4, 5};
  expect_features(node, {{13, 1}, {121, 3}, {122, 4}, {123, 12}, {124, 60}});
}

TEST(NodeFeatures, EdgePaddingKeepsTwoAndCountsAllWithItsSign) {
  GraphNode node = scalar_node();
  node.opcode = Opcode::pad;
  node.edge_padding = {{.low = 1, .high = -2}, {.low = 2, .high = 3}, {.low = 5, .high = 4}};
  expect_features(
      node, {{13, 1}, {125, 1}, {126, 2}, {127, 8}, {128, 10}, {129, -2}, {130, 3}, {131, 5}, {132, -24}});
}

TEST(NodeFeatures, AStableSortSaysSo) {
  GraphNode node = scalar_node();
  node.opcode = Opcode::sort;
  node.is_stable = true;
  expect_features(node, {{13, 1}, {133, 1}});
}

TEST(NodeFeatures, OneListMayBeEmptyWhileItsNeighbourIsNot) {
  GraphNode node = scalar_node();
  node.opcode = Opcode::slice;
  node.slice = {{.start = 0, .stride = 1, .limit = 2}};
  expect_features(
      node,
      {{13, 1}, {112, 0}, {113, 1}, {115, 1}, {116, 1}, {117, 2}, {119, 2}, {120, 2}, {124, 1}, {128, 1}});
}

// parameter 0 -> negate -> multiply with itself and parameter 1 -> root
ComputationGraph small_graph() {
  ComputationGraph graph;
  graph.nodes.resize(4);
  for (GraphNode& node : graph.nodes) node.output = row_major(ElementType::f32, {2, 3});
  graph.nodes[0].opcode = Opcode::parameter;
  graph.nodes[1].opcode = Opcode::negate;
  graph.nodes[1].operands = {0};
  graph.nodes[2].opcode = Opcode::parameter;
  graph.nodes[2].parameter_number = 1;
  graph.nodes[3].opcode = Opcode::multiply;
  graph.nodes[3].operands = {1, 2};
  graph.nodes[3].is_root = true;
  return graph;
}

TEST(NodeFeatureMatrix, HasOneRowANode) {
  const ComputationGraph graph = small_graph();
  const std::vector<float> matrix = node_feature_matrix(graph);
  ASSERT_EQ(matrix.size(), 4u * 140);
  EXPECT_EQ(matrix[2 * 140 + 30], 1);  // the second parameter's number
  EXPECT_EQ(matrix[3 * 140 + 0], 1);   // the root
  for (size_t node = 0; node < 4; ++node) EXPECT_EQ(matrix[node * 140 + 28], 6);
}

TEST(EdgeIndex, RowsAreConsumerThenConsumed) {
  EXPECT_THAT(edge_index(small_graph()), testing::ElementsAre(1, 0, 3, 1, 3, 2));
}

TEST(EdgeIndex, AnOperandThatIsUsedTwiceHasTwoRows) {
  ComputationGraph graph = small_graph();
  graph.nodes[3].operands = {1, 1};
  EXPECT_THAT(edge_index(graph), testing::ElementsAre(1, 0, 3, 1, 3, 1));
}

TEST(Opcodes, HaveTheOfficialNumbers) {
  const std::vector<std::pair<const char*, int>> official = {{"add", 2},
                                                             {"batch-norm-grad", 8},
                                                             {"batch-norm-training", 10},
                                                             {"broadcast", 13},
                                                             {"compare", 20},
                                                             {"concatenate", 22},
                                                             {"constant", 24},
                                                             {"convert", 25},
                                                             {"convolution", 26},
                                                             {"copy", 27},
                                                             {"divide", 32},
                                                             {"dot", 34},
                                                             {"dynamic-slice", 35},
                                                             {"exponential", 37},
                                                             {"fusion", 41},
                                                             {"gather", 42},
                                                             {"get-tuple-element", 45},
                                                             {"iota", 48},
                                                             {"log", 50},
                                                             {"maximum", 57},
                                                             {"minimum", 58},
                                                             {"multiply", 59},
                                                             {"negate", 60},
                                                             {"pad", 62},
                                                             {"parameter", 63},
                                                             {"power", 66},
                                                             {"reduce", 70},
                                                             {"reduce-window", 72},
                                                             {"reshape", 75},
                                                             {"rng-bit-generator", 79},
                                                             {"rsqrt", 81},
                                                             {"scatter", 82},
                                                             {"select", 83},
                                                             {"select-and-scatter", 84},
                                                             {"slice", 92},
                                                             {"sqrt", 94},
                                                             {"subtract", 95},
                                                             {"tanh", 96},
                                                             {"transpose", 98},
                                                             {"tuple", 100},
                                                             {"logistic", 107},
                                                             {"unknown", 0},
                                                             {"tan", 120}};
  for (const auto& [name, number] : official) {
    EXPECT_EQ(static_cast<int>(opcode_named(name)), number) << name;
    EXPECT_EQ(name_of(static_cast<Opcode>(number)), name);
  }
  EXPECT_EQ(opcode_named("relu"), Opcode::unknown);
  EXPECT_THROW(name_of(static_cast<Opcode>(97)), std::logic_error);
}

TEST(Validation, AcceptsTheSmallGraphAndNamesTheNodeAtFault) {
  EXPECT_NO_THROW(validate(small_graph()));
  EXPECT_NO_THROW(validate(ComputationGraph()));
  const auto message_of = [](const std::function<void(ComputationGraph&)>& spoil) -> std::string {
    ComputationGraph graph = small_graph();
    spoil(graph);
    try {
      validate(graph);
    } catch (const std::logic_error& error) {
      return error.what();
    }
    return "";
  };
  using testing::HasSubstr;
  EXPECT_THAT(message_of([](auto& graph) { graph.nodes[1].operands = {1}; }), HasSubstr("node 1 (negate)"));
  EXPECT_THAT(message_of([](auto& graph) { graph.nodes[1].operands = {-1}; }), HasSubstr("node -1"));
  EXPECT_THAT(message_of([](auto& graph) {
                graph.nodes[1].output.minor_to_major = {0, 0};
              }),
              HasSubstr("layout"));
  EXPECT_THAT(message_of([](auto& graph) { graph.nodes[1].output.minor_to_major = {0}; }),
              HasSubstr("layout"));
  EXPECT_THAT(message_of([](auto& graph) { graph.nodes[1].output.dimensions[0] = -1; }),
              HasSubstr("negative"));
  EXPECT_THAT(message_of([](auto& graph) { graph.nodes[1].tuple_size = 2; }), HasSubstr("tuple"));
  EXPECT_THAT(message_of([](auto& graph) { graph.nodes[1].parameter_number = 2; }),
              HasSubstr("parameter number"));
  EXPECT_THAT(message_of([](auto& graph) { graph.nodes[2].operands = {0}; }),
              HasSubstr("node 2 (parameter)"));
  EXPECT_THAT(message_of([](auto& graph) { graph.nodes[1].opcode = Opcode::convolution; }),
              HasSubstr("convolution"));
  EXPECT_THAT(message_of([](auto& graph) { graph.nodes[1].feature_group_count = 1; }), HasSubstr("group"));
  EXPECT_THAT(message_of([](auto& graph) { graph.nodes[1].slice.resize(1); }), HasSubstr("slice"));
  EXPECT_THAT(message_of([](auto& graph) { graph.nodes[1].edge_padding.resize(1); }), HasSubstr("pad"));
  EXPECT_THAT(message_of([](auto& graph) { graph.nodes[1].is_stable = true; }), HasSubstr("sort"));
  EXPECT_THAT(message_of([](auto& graph) { graph.nodes[3].is_root = false; }), HasSubstr("root"));
}

TEST(Shapes, ElementsAndBytes) {
  EXPECT_EQ(elements_of(row_major(ElementType::f32, {})), 1);
  EXPECT_EQ(elements_of(row_major(ElementType::f32, {3, 0})), 0);
  EXPECT_EQ(elements_of(row_major(ElementType::tuple, {})), 0);
  EXPECT_EQ(bytes_of(row_major(ElementType::bf16, {3, 5})), 30);
  EXPECT_EQ(bytes_of(row_major(ElementType::s64, {2})), 16);
  EXPECT_THAT(row_major(ElementType::pred, {2, 3, 4}).minor_to_major, testing::ElementsAre(2, 1, 0));
}

TEST(LayoutConfigurations, AreMinusOneByDefaultAndBehindTheLastDimension) {
  EXPECT_THAT(default_layout_configuration(), testing::Each(-1));
  const std::vector<int64_t> output = {3, 1, 2, 0};
  const std::vector<int64_t> kernel = {0, 1, 2, 3, 4, 5};
  EXPECT_THAT(layout_configuration(output, {}, kernel),
              testing::ElementsAre(3, 1, 2, 0, -1, -1, -1, -1, -1, -1, -1, -1, 0, 1, 2, 3, 4, 5));
  const std::vector<int64_t> seven = {0, 1, 2, 3, 4, 5, 6};
  EXPECT_THROW(layout_configuration(seven, {}, {}), std::logic_error);
  const std::vector<int64_t> negative = {-1};
  EXPECT_THROW(layout_configuration({}, negative, {}), std::logic_error);
}

TEST(TileFeatures, HaveTheProductZeroOfAnEmptyListAndCountWhatIsCut) {
  EXPECT_THAT(tile_features({}), testing::Each(0));
  EXPECT_THAT(
      tile_features({.kernel_bounds = {32}, .output_bounds = {2, 3, 4, 5, 6, 7, 8}, .input_bounds = {}}),
      testing::ElementsAre(32, 0, 0, 0, 0, 0, 32, 32,    //
                           2, 3, 4, 5, 6, 7, 35, 40320,  //
                           0, 0, 0, 0, 0, 0, 0, 0));
  EXPECT_THAT(tile_features({.kernel_bounds = {}, .output_bounds = {}, .input_bounds = {9, 2}}),
              testing::ElementsAre(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 11, 18));
}

}  // namespace
}  // namespace timetrial
