#pragma once

#include <string_view>

namespace timetrial {

// A file of CIFAR-10's binary version. What is read without a UserError must give the same bytes when it is
// written; otherwise the process ends.
void fuzz_cifar_records(std::string_view bytes);

}  // namespace timetrial
