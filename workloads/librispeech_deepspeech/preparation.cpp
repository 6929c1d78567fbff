#include "workloads/librispeech/librispeech_preparation.h"

namespace timetrial {

std::unique_ptr<DataPreparation> prepare_librispeech_deepspeech() {
  return librispeech_preparation();
}

}  // namespace timetrial
