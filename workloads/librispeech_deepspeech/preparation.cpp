#include "workloads/librispeech/librispeech_preparation.h"

namespace timetrial {

std::unique_ptr<DataPreparation> prepare_librispeech_deepspeech() {
  return librispeech_preparation();
}

bool holds_back_librispeech_deepspeech(const std::string& name) {
  return holds_back_librispeech_data_set(name);
}

}  // namespace timetrial
