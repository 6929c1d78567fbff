# One precompiled torch/torch.h for the whole tree: 35 s and 700 MB once, instead of 20 s in every file.
file(WRITE ${PROJECT_BINARY_DIR}/torch_header.cpp "")
add_library(timetrial_torch_header OBJECT ${PROJECT_BINARY_DIR}/torch_header.cpp)
target_link_libraries(timetrial_torch_header PUBLIC libtorch::cpu PRIVATE timetrial_warnings)
target_precompile_headers(timetrial_torch_header PRIVATE <torch/torch.h>)
set_target_properties(timetrial_torch_header PROPERTIES POSITION_INDEPENDENT_CODE ON)

# The smaller one of submissions, by their flags: tensors are all they see. 3 s a file instead of 18.
add_library(timetrial_tensor_header OBJECT ${PROJECT_BINARY_DIR}/torch_header.cpp)
target_link_libraries(timetrial_tensor_header PUBLIC libtorch::cpu PRIVATE timetrial_warnings)
target_precompile_headers(timetrial_tensor_header PRIVATE <ATen/ATen.h>)
set_target_properties(timetrial_tensor_header PROPERTIES POSITION_INDEPENDENT_CODE ON)
timetrial_submission_flags(timetrial_tensor_header)

# Lets a target that includes LibTorch's big headers use it. The header is compiled with -fPIC, and so must be what uses it:
# for a program the property would mean -fPIE instead.
function(timetrial_use_torch_header target)
  get_target_property(type ${target} TYPE)
  if(type STREQUAL EXECUTABLE)
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(${target} PRIVATE -fPIC)
  else()
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  endif()
  target_precompile_headers(${target} REUSE_FROM timetrial_torch_header)
endfunction()
