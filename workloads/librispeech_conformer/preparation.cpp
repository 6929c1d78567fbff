#include "workloads/librispeech/librispeech_preparation.h"

namespace timetrial {

std::unique_ptr<DataPreparation> prepare_librispeech_conformer() {
  return librispeech_preparation();
}

}  // namespace timetrial
