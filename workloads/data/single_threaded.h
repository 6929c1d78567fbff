#pragma once

namespace timetrial {

// Tensor operations of the calling thread use that thread alone from now on: loader threads run side by side
// and must not each bring a team of their own, which would take the cores from the training. Other threads
// keep their setting.
void use_one_thread_here();

}  // namespace timetrial
