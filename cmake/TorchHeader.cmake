# One precompiled torch/torch.h for the whole tree: 35 s and 700 MB once, instead of 20 s in every file.
file(WRITE ${PROJECT_BINARY_DIR}/torch_header.cpp "")
add_library(timetrial_torch_header OBJECT ${PROJECT_BINARY_DIR}/torch_header.cpp)
target_link_libraries(timetrial_torch_header PUBLIC libtorch::cpu PRIVATE timetrial_warnings)
target_precompile_headers(timetrial_torch_header PRIVATE <torch/torch.h>)
set_target_properties(timetrial_torch_header PROPERTIES POSITION_INDEPENDENT_CODE ON)

# Lets a target that includes LibTorch's big headers use it.
function(timetrial_use_torch_header target)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_precompile_headers(${target} REUSE_FROM timetrial_torch_header)
endfunction()
