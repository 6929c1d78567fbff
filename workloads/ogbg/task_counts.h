#pragma once

namespace timetrial {

// Binary tasks of a molecule: columns of graph-label.csv.gz, outputs of the model.
inline constexpr int kFullTasks = 128;
inline constexpr int kMiniTasks = 5;  // BBB+, logBB above -1, -0.5, 0, 0.5

}  // namespace timetrial
