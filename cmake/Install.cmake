# cmake --install: programs, the submission API as a CMake package, our own submissions. Components: programs, sdk,
# submissions (all by default). Installed files find LibTorch where it was at build time, and each other by relative
# paths, so that the prefix can be moved.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/timetrial)
set(submission_dir ${CMAKE_INSTALL_DATADIR}/timetrial/submissions)
file(RELATIVE_PATH lib_from_bin /${CMAKE_INSTALL_BINDIR} /${CMAKE_INSTALL_LIBDIR})
file(RELATIVE_PATH lib_from_submissions /${submission_dir} /${CMAKE_INSTALL_LIBDIR})

install(TARGETS timetrial_launcher RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT programs)
foreach(program timetrial_cli timetrial_worker)
  if(TARGET ${program})
    set_target_properties(${program} PROPERTIES
      INSTALL_RPATH "$ORIGIN/${lib_from_bin};${TIMETRIAL_LIBTORCH}/lib")
    install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT programs)
  endif()
endforeach()

# Loaded on demand, beside the programs.
foreach(module timetrial_cuda_device timetrial_nccl)
  if(TARGET ${module})
    set_target_properties(${module} PROPERTIES INSTALL_RPATH "$ORIGIN;${TIMETRIAL_LIBTORCH}/lib")
    install(TARGETS ${module} LIBRARY DESTINATION lib COMPONENT programs)
  endif()
endforeach()

set_target_properties(timetrial_submission_api PROPERTIES INSTALL_RPATH "$ORIGIN;${TIMETRIAL_LIBTORCH}/lib")
install(TARGETS timetrial_submission_api LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT sdk)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/harness/submission_api/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/timetrial
        COMPONENT sdk FILES_MATCHING PATTERN "*.h" PATTERN "*.cuh")
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/timetrialConfig.cmake.in
  ${PROJECT_BINARY_DIR}/package/timetrialConfig.cmake INSTALL_DESTINATION ${package_dir}
  PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR)
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/package/timetrialConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/package/timetrialConfig.cmake
              ${PROJECT_BINARY_DIR}/package/timetrialConfigVersion.cmake
              ${CMAKE_CURRENT_LIST_DIR}/TimetrialSubmission.cmake
        DESTINATION ${package_dir} COMPONENT sdk)

# Every library that a folder of submissions/ builds, except the template, with its search spaces.
get_property(folders DIRECTORY ${PROJECT_SOURCE_DIR}/submissions PROPERTY SUBDIRECTORIES)
list(FILTER folders EXCLUDE REGEX "/template$")
foreach(folder ${folders})
  get_property(targets DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target ${targets})
    get_target_property(type ${target} TYPE)
    if(NOT type STREQUAL MODULE_LIBRARY)
      continue()
    endif()
    set_target_properties(${target} PROPERTIES
      INSTALL_RPATH "$ORIGIN/${lib_from_submissions};${TIMETRIAL_LIBTORCH}/lib")
    install(TARGETS ${target} LIBRARY DESTINATION ${submission_dir} COMPONENT submissions)
    get_target_property(spaces ${target} TIMETRIAL_SEARCH_SPACES)
    if(spaces)
      list(TRANSFORM spaces PREPEND $<TARGET_FILE_DIR:${target}>/)
      install(FILES ${spaces} DESTINATION ${submission_dir} COMPONENT submissions)
    endif()
  endforeach()
endforeach()
