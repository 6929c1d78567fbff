#include "workloads/librispeech/librispeech_preparation.h"

namespace timetrial {

std::unique_ptr<DataPreparation> prepare_librispeech_conformer() {
  return librispeech_preparation();
}

bool holds_back_librispeech_conformer(const std::string& name) {
  return holds_back_librispeech_data_set(name);
}

}  // namespace timetrial
