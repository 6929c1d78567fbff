# LibTorch out of the unpacked `torch` wheel, as imported targets of our own: its CMake package would force CUDA and
# ignores our architectures.
#   libtorch::headers   include folders only
#   libtorch::cpu       + libtorch_cpu, libc10
#   libtorch::cuda      + libtorch_cuda, libc10_cuda (only with TIMETRIAL_CUDA)
set(TIMETRIAL_LIBTORCH "" CACHE PATH "The `torch` folder of the unpacked wheel (holds include/ and lib/); ./dev sets it")
set(TIMETRIAL_LIBTORCH_VERSION 2.11.0)

if(NOT TIMETRIAL_LIBTORCH)
  file(GLOB candidates ${PROJECT_SOURCE_DIR}/build/env/lib/python3*/site-packages/torch)
  if(NOT candidates)
    message(FATAL_ERROR "LibTorch not found. Run ./dev setup once, or give -DTIMETRIAL_LIBTORCH=<folder of the torch wheel>")
  endif()
  list(GET candidates 0 TIMETRIAL_LIBTORCH)
endif()

file(STRINGS ${TIMETRIAL_LIBTORCH}/include/torch/headeronly/version.h version_lines REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH)")
string(REGEX REPLACE "[^0-9;]" "" version_numbers "${version_lines}")
list(JOIN version_numbers "." libtorch_version)
if(NOT libtorch_version VERSION_EQUAL TIMETRIAL_LIBTORCH_VERSION)
  message(FATAL_ERROR "LibTorch in ${TIMETRIAL_LIBTORCH} is ${libtorch_version}, needed is ${TIMETRIAL_LIBTORCH_VERSION}")
endif()

add_library(libtorch::headers INTERFACE IMPORTED GLOBAL)
target_include_directories(libtorch::headers SYSTEM INTERFACE
  ${TIMETRIAL_LIBTORCH}/include ${TIMETRIAL_LIBTORCH}/include/torch/csrc/api/include)

add_library(libtorch::c10 SHARED IMPORTED GLOBAL)
set_target_properties(libtorch::c10 PROPERTIES IMPORTED_LOCATION ${TIMETRIAL_LIBTORCH}/lib/libc10.so)

# The wheel's own OpenMP: a program must not bring a second one.
add_library(libtorch::openmp SHARED IMPORTED GLOBAL)
set_target_properties(libtorch::openmp PROPERTIES IMPORTED_LOCATION ${TIMETRIAL_LIBTORCH}/lib/libgomp.so.1)

add_library(libtorch::cpu SHARED IMPORTED GLOBAL)
set_target_properties(libtorch::cpu PROPERTIES IMPORTED_LOCATION ${TIMETRIAL_LIBTORCH}/lib/libtorch_cpu.so)
# The wheel finds its runtime packages (../../nvidia/…) through RPATHs of its own; at link time they may be absent.
target_link_options(libtorch::cpu INTERFACE -Wl,--disable-new-dtags -Wl,--allow-shlib-undefined)
target_link_libraries(libtorch::cpu INTERFACE libtorch::headers libtorch::c10 libtorch::openmp)

if(TIMETRIAL_CUDA)
  foreach(name torch_cuda c10_cuda)
    add_library(libtorch::${name} SHARED IMPORTED GLOBAL)
    set_target_properties(libtorch::${name} PROPERTIES IMPORTED_LOCATION ${TIMETRIAL_LIBTORCH}/lib/lib${name}.so)
  endforeach()
  add_library(libtorch::cuda INTERFACE IMPORTED GLOBAL)
  # torch_cuda registers its kernels by being loaded: it must be kept although no symbol may be used.
  target_link_libraries(libtorch::cuda INTERFACE libtorch::cpu -Wl,--no-as-needed libtorch::torch_cuda libtorch::c10_cuda -Wl,--as-needed)
endif()
