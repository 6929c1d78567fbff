# timetrial_add_workload(<name> DATA <sources without LibTorch> MODEL <sources with LibTorch>)
# Makes two rooms out of the current folder: workload_<name>_data (reader and preparation, usable by `timetrial`) and
# workload_<name> (model, loss, metrics, usable by `timetrial-worker`), and enters the name in the generated lists.
# The folder defines  std::unique_ptr<Workload> make_<name>(const WorkloadOptions&)  and
#                     std::unique_ptr<DataPreparation> prepare_<name>() and
#                     bool holds_back_<name>(const std::string& file)  in namespace timetrial.
function(timetrial_add_workload name)
  cmake_parse_arguments(WORKLOAD "" "" "DATA;MODEL;DATA_LINKS;MODEL_LINKS" ${ARGN})
  timetrial_room(workload_${name}_data SOURCES ${WORKLOAD_DATA}
                 LINKS timetrial_preparation timetrial_data_files ${WORKLOAD_DATA_LINKS})
  timetrial_assert_torch_free(workload_${name}_data)
  timetrial_room(workload_${name} SOURCES ${WORKLOAD_MODEL}
                 LINKS workload_${name}_data timetrial_workload_contract timetrial_data_loading timetrial_generated_tensors
                       ${WORKLOAD_MODEL_LINKS})
  timetrial_use_torch_header(workload_${name})
  set_property(GLOBAL APPEND PROPERTY TIMETRIAL_WORKLOADS ${name})
endfunction()

# Writes the two name -> factory tables and the rooms that hold them.
function(timetrial_finish_workloads)
  get_property(names GLOBAL PROPERTY TIMETRIAL_WORKLOADS)
  list(SORT names)
  set(declarations_model "")
  set(declarations_data "")
  set(entries_held_back "")
  set(entries_model "")
  set(entries_data "")
  foreach(name ${names})
    string(APPEND declarations_model "std::unique_ptr<Workload> make_${name}(const WorkloadOptions&);\n")
    string(APPEND declarations_data "std::unique_ptr<DataPreparation> prepare_${name}();\nbool holds_back_${name}(const std::string&);\n")
    string(APPEND entries_model "      {\"${name}\", make_${name}},\n")
    string(APPEND entries_held_back "      {\"${name}\", holds_back_${name}},\n")
    string(APPEND entries_data "      {\"${name}\", prepare_${name}},\n")
  endforeach()
  configure_file(${PROJECT_SOURCE_DIR}/workloads/workload_list.cpp.in ${PROJECT_BINARY_DIR}/workload_list.cpp @ONLY)
  configure_file(${PROJECT_SOURCE_DIR}/workloads/preparation_list.cpp.in ${PROJECT_BINARY_DIR}/preparation_list.cpp @ONLY)
  list(TRANSFORM names PREPEND workload_ OUTPUT_VARIABLE model_rooms)
  list(TRANSFORM model_rooms APPEND _data OUTPUT_VARIABLE data_rooms)
  add_library(timetrial_workloads STATIC ${PROJECT_BINARY_DIR}/workload_list.cpp)
  target_link_libraries(timetrial_workloads PUBLIC timetrial_workload_contract PRIVATE timetrial_warnings ${model_rooms})
  timetrial_use_torch_header(timetrial_workloads)
  add_library(timetrial_preparations STATIC ${PROJECT_BINARY_DIR}/preparation_list.cpp)
  target_link_libraries(timetrial_preparations PUBLIC timetrial_preparation PRIVATE timetrial_warnings ${data_rooms})
  timetrial_assert_torch_free(timetrial_preparations)
endfunction()
