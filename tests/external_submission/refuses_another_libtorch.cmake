include(${CMAKE_CURRENT_LIST_DIR}/prefix.cmake)
file(WRITE ${WORK_DIR}/other_torch/include/torch/headeronly/version.h
     "#define TORCH_VERSION_MAJOR 2\n#define TORCH_VERSION_MINOR 10\n#define TORCH_VERSION_PATCH 1\n")
expect_refused("is 2.10.1, but timetrial was built with 2.11.0" -DTIMETRIAL_LIBTORCH=${WORK_DIR}/other_torch)
expect_refused("give -DTIMETRIAL_LIBTORCH=" -DTIMETRIAL_LIBTORCH=${WORK_DIR}/other_torch)
