#pragma once

// Where which feature of a node lies among the 140: the index table of TpuGraphs (its README and
// featurizers.h).

namespace timetrial {

// A list of which the first `kept` values are features. Sum and product of the whole list follow, where the
// table has them.
struct ListFeature {
  int first;
  int kept;

  constexpr int sum() const { return first + kept; }
  constexpr int product() const { return first + kept + 1; }
};

namespace feature_index {

inline constexpr int kIsRoot = 0;
inline constexpr int kAlwaysZero = 1;
inline constexpr int kElementType = 2;                    // one-hot, 2 to 20
inline constexpr ListFeature kShapeDimensions = {21, 6};  // sum 27, product 28
inline constexpr int kTupleSize = 29;
inline constexpr int kParameterNumber = 30;
inline constexpr ListFeature kDimensions = {31, 6};         // no totals
inline constexpr ListFeature kWindowSize = {37, 6};         // 43, 44
inline constexpr ListFeature kWindowStride = {45, 6};       // 51, 52
inline constexpr ListFeature kWindowPaddingLow = {53, 6};   // 59, 60
inline constexpr ListFeature kWindowPaddingHigh = {61, 6};  // 67, 68
inline constexpr ListFeature kWindowDilation = {69, 6};     // 75, 76
inline constexpr ListFeature kBaseDilation = {77, 6};       // 83, 84
inline constexpr ListFeature kWindowReversal = {85, 6};     // no totals, but:
inline constexpr int kReversedCount = 91;
inline constexpr int kNotReversedCount = 92;
inline constexpr int kInputBatch = 93;
inline constexpr int kInputFeature = 94;
inline constexpr ListFeature kInputSpatial = {95, 4};  // no totals
inline constexpr int kKernelInputFeature = 99;
inline constexpr int kKernelOutputFeature = 100;
inline constexpr ListFeature kKernelSpatial = {101, 4};  // no totals
inline constexpr int kOutputBatch = 105;
inline constexpr int kOutputFeature = 106;
inline constexpr int kFeatureGroupCount = 107;
inline constexpr int kBatchGroupCount = 108;
inline constexpr ListFeature kSliceStart = {109, 2};         // 111, 112
inline constexpr ListFeature kSliceStride = {113, 2};        // 115, 116
inline constexpr ListFeature kSliceLimit = {117, 2};         // 119, 120
inline constexpr ListFeature kDynamicSliceSizes = {121, 2};  // 123, 124
inline constexpr ListFeature kEdgePaddingLow = {125, 2};     // 127, 128
inline constexpr ListFeature kEdgePaddingHigh = {129, 2};    // 131, 132
inline constexpr int kIsStable = 133;
inline constexpr ListFeature kMinorToMajor = {134, 6};  // no totals

}  // namespace feature_index
}  // namespace timetrial
